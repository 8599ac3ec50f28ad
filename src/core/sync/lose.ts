import { tellOfRemovals } from '../delivery/sync-letters.ts'
import { removeWithBelongings } from '../users/standing.ts'
import type { SyncNeeds, SyncStores } from './needs.ts'
import type { Loss, Verdict } from './removals.ts'

/** Disables or removes one person. What is theirs goes with them, but for tokens that are somebody's property. */
export async function lose(stores: SyncStores, { userId, fate, why, username }: Loss, now: Date): Promise<boolean> {
  const { people, sessions, audit } = stores
  if (!(await people.hold(userId))) return false
  const facts = { by: 'synchronisation', why } as const
  if (fate === 'disable') {
    if (!(await people.disable(userId, why, now))) return false
    await sessions.endAllOf(userId, now)
    await audit.write({ what: 'user.disabled', at: now, userId, facts })
    return true
  }
  await removeWithBelongings(stores, { id: userId, username }, facts, now)
  return true
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
