import type { Known, LossReason } from './person.ts'

export type Fate = 'disable' | 'remove'
/** Somebody who would be disabled or removed. */
export type Loss = { userId: string; username: string; fate: Fate; why: LossReason }
export type ListState = 'waiting' | 'approved' | 'rejected'
export type RemovalList = { id: string; state: ListState; madeAt: Date; losses: Loss[] }

export interface RemovalStore {
  /** The newest last. */
  lists(): Promise<RemovalList[]>
  /** In the same order, without who is on them. */
  states(): Promise<Pick<RemovalList, 'id' | 'state'>[]>
  /** Takes the place of the list that waits or was approved, if there is one. */
  put(list: Pick<RemovalList, 'id' | 'madeAt' | 'losses'>): Promise<void>
  /** True while that list waits. */
  settle(id: string, state: 'approved' | 'rejected'): Promise<boolean>
  /** Takes people off whatever list they are on. */
  forget(userIds: readonly string[]): Promise<void>
  drop(id: string): Promise<void>
}

export type Verdict = {
  /** To be disabled or removed now. */
  now: Loss[]
  /** For approval. */
  waiting: Loss[]
  /** The list that says the same already. */
  same: string | undefined
  /** Lists that have said all that they had to. */
  over: string[]
  /** On a rejected list, and not lost any more. */
  back: string[]
}

/**
 * What may be done of what a reading would take away. More than `limit` wait, and so does whatever would leave nobody:
 * a directory that answers with nothing, or with half, empties nothing. An approval is for the very people on its list.
 */
export function judgeLosses(
  losses: readonly Loss[],
  standing: readonly RemovalList[],
  { limit, all }: { limit: number; all: boolean },
): Verdict {
  const said = (state: ListState) =>
    new Set(standing.filter((list) => list.state === state).flatMap((list) => list.losses.map(nameOf)))
  const rejected = said('rejected')
  const approved = said('approved')
  const lost = new Set(losses.map(nameOf))
  const now = losses.filter((loss) => approved.has(nameOf(loss)))
  const rest = losses.filter((loss) => !approved.has(nameOf(loss)) && !rejected.has(nameOf(loss)))
  const mayGo = rest.length <= limit && !all
  const waiting = mayGo ? [] : rest
  const same = standing.find((list) => list.state === 'waiting' && isSame(list.losses, waiting))?.id
  return {
    now: mayGo ? [...now, ...rest] : now,
    waiting,
    same,
    over: standing.filter(({ id, state }) => state !== 'rejected' && id !== same).map(({ id }) => id),
    back: standing
      .filter(({ state }) => state === 'rejected')
      .flatMap((list) => list.losses.filter((loss) => !lost.has(nameOf(loss))).map(({ userId }) => userId)),
  }
}

function nameOf({ userId, fate }: Loss): string {
  return `${fate} ${userId}`
}

function isSame(one: readonly Loss[], other: readonly Loss[]): boolean {
  const names = new Set(one.map(nameOf))
  return names.size === other.length && other.every((loss) => names.has(nameOf(loss)))
}

/** What becomes of somebody who is in no item any more; undefined where that is so already. */
export function lossOf({ id, username, enabled }: Known, fate: Fate): Loss | undefined {
  return fate === 'remove' || enabled ? { userId: id, username, fate, why: 'gone' } : undefined
}
