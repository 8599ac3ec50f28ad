import { tellOfRemovals } from '../delivery/sync-letters.ts'
import type { SyncNeeds, SyncStores } from './needs.ts'
import type { Loss, Verdict } from './removals.ts'

/** Disables or removes one person. What is theirs goes with them, but for tokens that are somebody's property. */
export async function lose(stores: SyncStores, { userId, fate, why, username }: Loss, now: Date): Promise<boolean> {
  const { people, sessions, audit } = stores
  if (!(await people.hold(userId))) return false
  const facts = { by: 'synchronisation', why }
  if (fate === 'disable') {
    if (!(await people.disable(userId, why, now))) return false
    await sessions.endAllOf(userId, now)
    await audit.write({ what: 'user.disabled', at: now, userId, facts })
    return true
  }
  await takeTokensBack(stores, userId, now)
  await people.remove(userId)
  await audit.write({ what: 'user.removed', at: now, userId, facts: { ...facts, username } })
  return true
}

/** Rows of tokens go with their user, and a hardware token is to be given to somebody else. */
async function takeTokensBack({ tokens, audit }: SyncStores, userId: string, now: Date): Promise<void> {
  for (const { id, origin, serial, manufacturer } of await tokens.listOf(userId)) {
    if (origin !== 'hardware' || !(await tokens.unassign(id, now))) continue
    const facts = { serial, manufacturer, by: 'synchronisation' }
    await audit.write({ what: 'token.unassigned', at: now, userId, facts })
  }
}

/** What waits is listed, and administrators are mailed of a list that is new. */
export async function listWaiting(
  { notices, ids }: Pick<SyncNeeds, 'notices' | 'ids'>,
  { removals, deliveries, audit }: SyncStores,
  { waiting, same, over, back }: Verdict,
  now: Date,
): Promise<void> {
  if (back.length > 0) await removals.forget(back)
  for (const id of over) await removals.drop(id)
  if (waiting.length === 0 || same !== undefined) return
  const id = ids.next()
  await removals.put({ id, madeAt: now, losses: [...waiting] })
  await audit.write({ what: 'removals.waiting', at: now, facts: { list: id, people: waiting.length } })
  await tellOfRemovals(notices, deliveries, { list: id, usernames: waiting.map(({ username }) => username) }, now)
}
