import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import type { Clock, Write } from '../ports.ts'
import type { SessionStore } from '../sessions/session.ts'
import { type User, type UserStore, usernameKey } from './user.ts'

type Stores = { users: UserStore; tokens: TokenStore; sessions: SessionStore; audit: AuditLog }
type Needs = { write: Write<Stores>; clock: Clock }

const unknown = { ok: false, refusal: 'user.unknown' } as const
const done = { ok: true, value: { outcome: 'done' } } as const

/** No synchronisation enables whom an operator has disabled. */
export async function disableUser(needs: Needs, input: Input<'disableUser'>): Promise<Answer<'disableUser'>> {
  return about(needs, input, async ({ users, sessions, audit }, { id }, now) => {
    if (!(await users.disable(id, now))) return
    await sessions.endAllOf(id, now)
    await audit.write({ what: 'user.disabled', at: now, userId: id, facts: { by: 'operator' } })
  })
}

export async function enableUser(needs: Needs, input: Input<'enableUser'>): Promise<Answer<'enableUser'>> {
  return about(needs, input, async ({ users, audit }, { id }, now) => {
    if (!(await users.enable(id))) return
    await audit.write({ what: 'user.enabled', at: now, userId: id, facts: { by: 'operator' } })
  })
}

/** With all that was theirs; whoever has the name in the directory next is a new user. */
export async function removeUser(needs: Needs, input: Input<'removeUser'>): Promise<Answer<'removeUser'>> {
  return about(needs, input, async (stores, user, now) => {
    await removeWithBelongings(stores, user, { by: 'operator' }, now)
  })
}

async function about(
  { write, clock }: Needs,
  { username }: { username: string },
  act: (stores: Stores, user: User, now: Date) => Promise<void>,
): Promise<{ ok: true; value: { outcome: 'done' } } | typeof unknown> {
  const key = usernameKey(username)
  if (key === undefined) return unknown
  const now = clock.now()
  return write(async (stores) => {
    const named = await stores.users.findByKey(key)
    const user = named && (await stores.users.hold(named.id))
    if (user?.key !== key) return unknown
    await act(stores, user, now)
    return done
  })
}

type Whom = Pick<User, 'id' | 'username'>
type Facts = { by: 'operator' | 'synchronisation'; why?: string }

/** Rows of theirs go with the user. Hardware tokens are somebody's property, and can be given to somebody else. */
export async function removeWithBelongings(
  { users, tokens, audit }: Pick<Stores, 'users' | 'tokens' | 'audit'>,
  { id, username }: Whom,
  facts: Facts,
  now: Date,
): Promise<void> {
  for (const { id: token, origin, serial, manufacturer } of await tokens.listOf(id)) {
    if (origin !== 'hardware' || !(await tokens.unassign(token, now))) continue
    const of = { serial, manufacturer, by: facts.by }
    await audit.write({ what: 'token.unassigned', at: now, userId: id, facts: of })
  }
  await users.remove(id)
  await audit.write({ what: 'user.removed', at: now, userId: id, facts: { ...facts, username } })
}
