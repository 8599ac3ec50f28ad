import type { Pace, ThrottleStore } from './throttle.ts'

/**
 * Takes a try under each key, or none: what one of them refuses is not counted by the others. Returns from when on the
 * next is taken, if this one is not. Within a unit of work.
 */
export async function spendAll(
  throttle: ThrottleStore,
  budgets: readonly (readonly [key: string, pace: Pace])[],
  now: Date,
): Promise<Date | undefined> {
  const taken: string[] = []
  for (const [key, pace] of budgets) {
    const until = await throttle.spend(key, pace, now)
    if (until) {
      for (const each of taken) await throttle.refund(each)
      return until
    }
    taken.push(key)
  }
  return undefined
}
