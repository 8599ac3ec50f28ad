import type { Answer, Input } from '../../contract/contract.ts'
import { isLanguage } from '../../contract/languages.ts'
import { isMailAddress } from '../../contract/mail-address.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { Clock, Ids, Write } from '../ports.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { likenessOf } from './likeness.ts'
import { parsePhone } from './phone.ts'
import { type DirectoryKind, type UserStore, usernameKey } from './user.ts'

export type PasswordHasher = { hash(password: string): Promise<string> }
type Needs = {
  write: Write<{ users: UserStore; sessions: SessionStore; audit: AuditLog }>
  users: UserStore
  hasher: PasswordHasher
  kind: DirectoryKind
  settings: SettingsSource
  clock: Clock
  ids: Ids
}

/** NIST SP 800-63B 3.1.1.2: at least 8 characters beside a second step, at least 64 taken, no rules of composition. */
const SHORTEST_PASSWORD = 8

export async function addUser(needs: Needs, input: Input<'addUser'>): Promise<Answer<'addUser'>> {
  const { write, hasher, kind, settings, clock, ids } = needs
  const key = usernameKey(input.username)
  if (key === undefined) return { ok: false, refusal: 'username.malformed' }
  if (input.mail !== undefined && !isMailAddress(input.mail)) return { ok: false, refusal: 'mail.malformed' }
  const tags = [input.language, ...Object.values(input.languages ?? {})]
  if (!tags.every((tag) => tag === undefined || isLanguage(tag))) return { ok: false, refusal: 'language.unknown' }
  if (input.password !== undefined && isWeak(input.password, key)) return { ok: false, refusal: 'password.weak' }
  const phone =
    input.phone === undefined ? undefined : parsePhone(input.phone, settings.current()['company.country'], [])
  if (phone && !phone.ok) return { ok: false, refusal: 'phone.malformed' }
  if ((input.method === 'text' || input.method === 'call') && !phone) return { ok: false, refusal: 'phone.missing' }

  const id = ids.next()
  const now = clock.now()
  const passwordHash = input.password === undefined ? undefined : await hasher.hash(input.password)
  const inserted = await write(async ({ users, audit }) => {
    const { displayName, mail, language, languages = {} } = input
    const names = { username: input.username.normalize('NFC').trim(), key, displayName, mail, language, languages }
    // Only a number can be given by name: whoever shall use something else sets it up.
    const method = input.method === 'text' || input.method === 'call' ? input.method : undefined
    // RADIUS servers know no ids: people there are told apart by their names alone.
    const directoryUid = { local: id, radius: likenessOf(key), ldap: undefined, windows: undefined }[kind]
    const user = {
      id,
      directory: kind,
      directoryUid,
      ...names,
      method,
      preset: input.method,
      phone: phone?.e164,
      passwordHash,
      createdAt: now,
    }
    if (!(await users.insert(user))) return false
    await audit.write({ what: 'user.added', at: now, userId: id, facts: { by: 'operator' } })
    return true
  })
  return inserted ? { ok: true, value: { id } } : { ok: false, refusal: 'user.exists' }
}

export async function setPassword(
  { write, users, hasher, clock }: Needs,
  { username, password }: Input<'setPassword'>,
): Promise<Answer<'setPassword'>> {
  const key = usernameKey(username)
  const user = key === undefined ? undefined : await users.findByKey(key)
  if (!user || key === undefined) return { ok: false, refusal: 'user.unknown' }
  if (isWeak(password, key)) return { ok: false, refusal: 'password.weak' }

  const hash = await hasher.hash(password)
  const now = clock.now()
  await write(async ({ users, sessions, audit }) => {
    await users.setPasswordHash(user.id, hash)
    await sessions.endAllOf(user.id, now)
    await audit.write({ what: 'user.password-set', at: now, userId: user.id })
  })
  return { ok: true, value: { outcome: 'done' } }
}

export async function unlockUser(
  { write, users, clock }: Needs,
  { username }: Input<'unlockUser'>,
): Promise<Answer<'unlockUser'>> {
  const key = usernameKey(username)
  const user = key === undefined ? undefined : await users.findByKey(key)
  if (!user) return { ok: false, refusal: 'user.unknown' }
  const now = clock.now()
  await write(async ({ users, audit }) => {
    await users.clearFailures(user.id, now)
    await users.unblock(user.id)
    await audit.write({ what: 'user.unlocked', at: now, userId: user.id })
  })
  return { ok: true, value: { outcome: 'done' } }
}

function isWeak(password: string, key: string): boolean {
  return [...password].length < SHORTEST_PASSWORD || usernameKey(password) === key
}
