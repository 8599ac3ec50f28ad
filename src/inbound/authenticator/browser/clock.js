/** From here on a person is told; codes are right either way. */
const FAR_MS = 60_000
/** A network takes that long too: not a clock's fault. */
const NEAR_MS = 2_000

/**
 * The server's time, as far as this device knows it: its own clock and how far that was off at the last answer. `learned`
 * gets what is to be kept of it.
 */
export function serverClock(aheadMs = 0, learned = () => {}) {
  let ahead = aheadMs
  return {
    now: () => Date.now() - ahead,
    /** How many milliseconds this device's clock is ahead of the server's. */
    ahead: () => ahead,
    isFarOff: () => Math.abs(ahead) >= FAR_MS,
    /** From an answer that was asked for between two moments of this device. */
    learn(serverTime, asked, answered) {
      const seen = (asked + answered) / 2 - Date.parse(serverTime)
      if (!Number.isFinite(seen) || Math.abs(seen - ahead) < NEAR_MS) return
      ahead = Math.abs(seen) < NEAR_MS ? 0 : seen
      learned(ahead)
    },
  }
}
