import type { Clock } from '../ports.ts'

type Needs = { clock: Clock; sleep(ms: number): Promise<void> }

/** Holds back what is marked `slow` until `leastMs` have passed, so that its cause cannot be read from its time. */
export function floorOf({ clock, sleep }: Needs, leastMs: number) {
  return async <T>(work: () => Promise<{ value: T; slow: boolean }>): Promise<T> => {
    const begun = clock.now().getTime()
    const { value, slow } = await work()
    const left = leastMs - (clock.now().getTime() - begun)
    if (slow && left > 0) await sleep(left)
    return value
  }
}
