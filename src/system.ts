import { randomBytes, randomInt } from 'node:crypto'
import { v7 } from 'uuid'
import type { Clock, Ids, Random } from './core/ports.ts'

export const systemClock: Clock = { now: () => new Date() }

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  below: (end) => randomInt(end),
}

const LAST_SEQUENCE = 2 ** 32 - 1
const ID_BYTES = 16
/** Identifiers are no secrets, so their randomness is fetched for many at once: a fetch costs more than the rest of one. */
const IDS_AT_ONCE = 64

/**
 * Identifiers that are strictly greater, as texts, than all made before by the same object; also when many fall into
 * one millisecond and when the clock is set back (RFC 9562 section 6.2, method 1: a counter of 32 bits).
 */
export function systemIds(clock: Clock, random: Random): Ids {
  let msecs = Number.NEGATIVE_INFINITY
  let seq = 0
  let block: Uint8Array = new Uint8Array()

  function randomPart(): Uint8Array {
    if (block.length === 0) block = random.bytes(ID_BYTES * IDS_AT_ONCE)
    const part = block.subarray(0, ID_BYTES)
    block = block.subarray(ID_BYTES)
    return part
  }

  return {
    next() {
      const now = clock.now().getTime()
      if (now > msecs || seq === LAST_SEQUENCE) {
        msecs = Math.max(now, msecs + 1)
        // The upper half is left free to count into.
        seq = random.below(2 ** 31)
      } else {
        seq++
      }
      return v7({ msecs, seq, random: randomPart() })
    },
  }
}
