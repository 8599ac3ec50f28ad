import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { DirectoryPerson, WrongWhy } from '../directory.ts'
import type { From } from '../gate.ts'
import type { Ids, Write } from '../ports.ts'
import { isOtherMail, shownName, usableMail } from '../users/details.ts'
import { likenessOf } from '../users/likeness.ts'
import { type DirectoryKind, type User, type UserStore, usernameKey } from '../users/user.ts'

type Stores = { users: UserStore; deliveries: DeliveryQueue; audit: AuditLog }
type Needs = { write: Write<Stores>; users: UserStore; notices: NoticeNeeds; ids: Ids; kind: DirectoryKind }

/** Of several who are alike nobody is guessed. */
const ONE_AND_ANOTHER = 2

type Identified = DirectoryPerson & { uid: string }

/** `whom`: as the directory knows the name that was typed; else it is known by its key alone. */
type Wrong = { key: string | undefined; why: WrongWhy; whom?: DirectoryPerson | undefined }

/** From a person in the directory to a user here. People arrive by themselves, at their first right password. */
export type Arrivals = {
  /** Undefined when the name belongs to somebody else here: nobody is let in by a name that was given away anew. */
  arrive(person: DirectoryPerson, from: From, now: Date): Promise<User | undefined>
  recordWrong(wrong: Wrong, from: From, now: Date): Promise<void>
  /** Who that is here, if they have arrived before: nobody arrives by a password that must be changed. */
  known(person: DirectoryPerson): Promise<User | undefined>
}

export function arrivals({ write, users, notices, ids, kind }: Needs): Arrivals {
  return {
    async arrive(raw, from, now) {
      const person = { ...raw, displayName: shownName(raw.displayName), mail: usableMail(raw.mail) }
      if (!hasUid(person)) return arriveByName(person, from, now)
      const known = await users.findByDirectoryUid(kind, person.uid)
      if (known && (known.synchronised || isUnchanged(known, person))) return known
      if (!known && usernameKey(person.username) === undefined) {
        await recordWrong({ key: undefined, why: 'unknown' }, from, now)
        return undefined
      }
      return write((stores) =>
        known ? refresh(notices, stores, { known, person }, now) : welcome(stores, person, from, now),
      )
    },
    known,
    recordWrong,
  }

  async function recordWrong({ key, why, whom }: Wrong, { address, userAgent }: From, now: Date): Promise<void> {
    const user = whom ? await known(whom) : key === undefined ? undefined : await users.findByKey(key)
    const what = user ? 'password.wrong' : 'password.unknown-user'
    await write(({ audit }) => audit.write({ what, at: now, userId: user?.id, address, userAgent, facts: { why } }))
  }

  async function known(person: DirectoryPerson): Promise<User | undefined> {
    const bound = hasUid(person) ? await users.findByDirectoryUid(kind, person.uid) : undefined
    const key = usernameKey(person.username)
    if (bound || key === undefined) return bound
    const namesake = await users.findByKey(key)
    // As in `arriveByName`: a local account is nobody's of a directory that has names alone.
    if (!hasUid(person)) return namesake?.directory === 'local' ? undefined : namesake
    // Added by name, and not tied to anybody of the directory yet.
    return namesake?.directoryUid === undefined ? namesake : undefined
  }

  async function welcome(
    { users, audit }: Pick<Stores, 'users' | 'audit'>,
    person: Identified,
    { address }: From,
    now: Date,
  ): Promise<User | undefined> {
    const key = usernameKey(person.username)
    if (key === undefined) return undefined

    const namesake = await users.findByKey(key)
    const isTheirs = (user: User | undefined) => user?.directory === kind && user.directoryUid === person.uid
    // Arrived in another window a moment ago.
    if (isTheirs(namesake)) return namesake
    if (namesake) {
      // Imported by name before: the first right password ties the record to the directory's id, once.
      const bound = namesake.directoryUid === undefined && (await users.bindToDirectory(namesake.id, kind, person.uid))
      if (bound) await audit.write({ what: 'identity.bound', at: now, userId: namesake.id, address })
      // Another window may have tied it since it was read.
      const there = await users.find(namesake.id)
      if (isTheirs(there)) return there
      await audit.write({ what: 'identity.conflict', at: now, userId: namesake.id, address })
      return undefined
    }
    return add({ users, audit }, person, { key, address, now })
  }

  /** By the canonical name, which is all that such a directory has; nothing of what others know of them is overwritten. */
  async function arriveByName(person: DirectoryPerson, { address }: From, now: Date): Promise<User | undefined> {
    const key = usernameKey(person.username)
    if (key === undefined) return undefined
    const known = await users.findByKey(key)
    if (known && (await isTheirs(users, known))) return known
    return write(async (stores) => {
      const exact = await stores.users.findByKey(key)
      // Whom the server may take for the same, under a name that is another here: let in, they would be somebody new, and
      // could enrol a second step beside the one that they owe.
      const [one, another] = exact ? [] : await stores.users.alike(likenessOf(key), ONE_AND_ANOTHER)
      const there = exact ?? one ?? (await add(stores, { ...person, uid: likenessOf(key) }, { key, address, now }))
      if (there?.key === key && (await isTheirs(stores.users, there))) return there
      const userId = another ? undefined : there?.id
      await stores.audit.write({ what: 'identity.conflict', at: now, userId, address })
      return undefined
    })
  }

  /** Of a user by exactly that name. */
  async function isTheirs({ findByDirectoryUid }: Pick<UserStore, 'findByDirectoryUid'>, user: User): Promise<boolean> {
    // An account that the operator made, with a password of its own, is not given to whoever has the name elsewhere.
    if (user.directory === 'local') return false
    if (user.method !== undefined) return true
    // Imported after somebody alike had come: it may be the same account at the server, and would be one without a second step.
    const first = await findByDirectoryUid(kind, likenessOf(user.key))
    return first === undefined || first.id === user.id
  }

  async function add(
    { users, audit }: Pick<Stores, 'users' | 'audit'>,
    { uid, username, displayName, mail }: Identified,
    { key, address, now }: { key: string; address: string | undefined; now: Date },
  ): Promise<User | undefined> {
    const id = ids.next()
    const user = { id, directory: kind, directoryUid: uid, username, key, displayName, mail, createdAt: now }
    const none = {
      language: undefined,
      languages: {},
      method: undefined,
      preset: undefined,
      phone: undefined,
      passwordHash: undefined,
    }
    if (!(await users.insert({ ...user, ...none }))) return users.findByDirectoryUid(kind, uid)
    await audit.write({ what: 'user.added', at: now, userId: id, address, facts: { by: 'sign-in' } })
    return users.find(id)
  }
}

function hasUid(person: DirectoryPerson): person is Identified {
  return person.uid !== undefined
}

/** Marriages and moves: the id stays, the names follow the directory. */
async function refresh(
  notices: NoticeNeeds,
  { users, deliveries, audit }: Stores,
  { known: { id }, person }: { known: User; person: DirectoryPerson },
  now: Date,
): Promise<User | undefined> {
  const known = await users.hold(id)
  const key = usernameKey(person.username)
  // In another window it was done a moment ago, and is told once.
  if (!known || key === undefined || isUnchanged(known, person)) return known
  const { username, displayName, mail } = person
  const renamed = await users.refresh(known.id, { username, key, displayName, mail })
  if (!renamed) return known
  await audit.write({ what: 'identity.refreshed', at: now, userId: known.id, facts: { renamed: key !== known.key } })
  if (isOtherMail(known.mail, mail)) await tellOf(notices, deliveries, known, { kind: 'mail-changed' }, now)
  return users.find(known.id)
}

function isUnchanged(user: User, { username, displayName, mail }: DirectoryPerson): boolean {
  return user.username === username && user.displayName === displayName && user.mail === mail
}
