import type { Clock } from '../ports.ts'

/** Whether a provider is asked in its turn. Closed: it is. Open: it rests, and is asked after all others. */
export type Circuit = {
  isOpen(): boolean
  /** True for one caller each time a rest is over: whoever asks now finds out whether the provider is back. */
  mayProbe(): boolean
  /** `gone`: there was no answer at all. True when this opened the circuit. */
  failed(gone: boolean): boolean
  /** True when this closed the circuit. */
  worked(): boolean
}

/** A refusal may be the message's fault; so many in a row are the provider's. No answer is the provider's at once. */
const REFUSALS_IN_A_ROW = 3
const FIRST_REST_MS = 15_000
const LONGEST_REST_MS = 120_000

/** One that hangs costs one wait each rest, and not one a message; the rests grow while it stays away. */
export function circuit(clock: Clock): Circuit {
  let inARow = 0
  let rest: { ms: number; until: number; probing: boolean } | undefined

  const now = () => clock.now().getTime()
  const restFor = (ms: number) => {
    rest = { ms, until: now() + ms, probing: false }
  }

  return {
    isOpen: () => rest !== undefined,
    mayProbe() {
      if (!rest || now() < rest.until) return false
      rest = { ...rest, until: now() + rest.ms, probing: true }
      return true
    },
    failed(gone) {
      inARow++
      if (rest?.probing) restFor(Math.min(rest.ms * 2, LONGEST_REST_MS))
      if (rest || (!gone && inARow < REFUSALS_IN_A_ROW)) return false
      restFor(FIRST_REST_MS)
      return true
    },
    worked() {
      const wasOpen = rest !== undefined
      inARow = 0
      rest = undefined
      return wasOpen
    },
  }
}
