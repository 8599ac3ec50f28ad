import type { AuditLog } from '../audit/audit.ts'
import type { DirectoryPerson, WrongWhy } from '../directory.ts'
import type { From } from '../gate.ts'
import type { Ids, Write } from '../ports.ts'
import { type DirectoryKind, type User, type UserStore, usernameKey } from '../users/user.ts'

type Stores = { users: UserStore; audit: AuditLog }
type Needs = { write: Write<Stores>; users: UserStore; ids: Ids; kind: DirectoryKind }

/** From a person in the directory to a user here. People arrive by themselves, at their first right password. */
export type Arrivals = {
  /** Undefined when the name belongs to somebody else here: nobody is let in by a name that was given away anew. */
  arrive(person: DirectoryPerson, from: From, now: Date): Promise<User | undefined>
  recordWrong(key: string | undefined, why: WrongWhy, from: From, now: Date): Promise<void>
}

export function arrivals({ write, users, ids, kind }: Needs): Arrivals {
  return {
    async arrive(person, from, now) {
      const known = await users.findByDirectoryUid(kind, person.uid)
      if (known && isUnchanged(known, person)) return known
      return write((stores) => (known ? refresh(stores, known, person, now) : welcome(stores, person, from, now)))
    },
    async recordWrong(key, why, { address, userAgent }, now) {
      const user = key === undefined ? undefined : await users.findByKey(key)
      const what = user ? 'password.wrong' : 'password.unknown-user'
      await write(({ audit }) => audit.write({ what, at: now, userId: user?.id, address, userAgent, facts: { why } }))
    },
  }

  async function welcome(
    { users, audit }: Stores,
    person: DirectoryPerson,
    { address }: From,
    now: Date,
  ): Promise<User | undefined> {
    const key = usernameKey(person.username)
    if (key === undefined) return undefined

    const namesake = await users.findByKey(key)
    // Arrived in another window a moment ago.
    if (namesake?.directory === kind && namesake.directoryUid === person.uid) return namesake
    if (namesake) {
      // Imported by name before: the first right password ties the record to the directory's id, once.
      const bound = namesake.directoryUid === undefined && (await users.bindToDirectory(namesake.id, kind, person.uid))
      if (bound) {
        await audit.write({ what: 'identity.bound', at: now, userId: namesake.id, address })
        return users.find(namesake.id)
      }
      await audit.write({ what: 'identity.conflict', at: now, userId: namesake.id, address })
      return undefined
    }
    const id = ids.next()
    const { uid, username, displayName, mail } = person
    const user = { id, directory: kind, directoryUid: uid, username, key, displayName, mail, createdAt: now }
    const none = { language: undefined, method: undefined, phone: undefined, passwordHash: undefined }
    if (!(await users.insert({ ...user, ...none }))) return users.findByDirectoryUid(kind, uid)
    await audit.write({ what: 'user.added', at: now, userId: id, address, facts: { by: 'sign-in' } })
    return users.find(id)
  }
}

/** Marriages and moves: the id stays, the names follow the directory. */
async function refresh(
  { users, audit }: Stores,
  known: User,
  person: DirectoryPerson,
  now: Date,
): Promise<User | undefined> {
  const key = usernameKey(person.username)
  if (key === undefined) return known
  const { username, displayName, mail } = person
  const renamed = await users.refresh(known.id, { username, key, displayName, mail })
  if (!renamed) return known
  await audit.write({ what: 'identity.refreshed', at: now, userId: known.id, facts: { renamed: key !== known.key } })
  return users.find(known.id)
}

function isUnchanged(user: User, { username, displayName, mail }: DirectoryPerson): boolean {
  return user.username === username && user.displayName === displayName && user.mail === mail
}
