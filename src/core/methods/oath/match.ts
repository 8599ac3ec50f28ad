import { timingSafeEqual } from 'node:crypto'
import { readCode } from '../../../protocols/code-input.ts'
import { hotp } from '../../../protocols/hotp.ts'
import { matchingStep, stepAt } from '../../../protocols/totp.ts'
import type { OathToken, Place, Rhythm } from './token.ts'

/** Presses that nobody typed in which are put up with (RFC 4226 section 7.4); beyond them the token is resynchronised. */
export const LOOK_AHEAD = 10

export type Matching = Pick<OathToken, 'algorithm' | 'digits' | 'last'> & Rhythm

/** `window`: steps to either side of the token's present one. */
type Seen = { secret: Uint8Array; typed: string; window: number; now: Date }

/**
 * Where the code that was typed stands on the token, near enough to be taken; undefined where it stands nowhere there.
 * What was accepted before is found too, so that a code that comes again is known as such; the store then refuses it.
 */
export function placeOf(token: Matching, { secret, typed, window, now }: Seen): Place | undefined {
  const { digits, algorithm, last } = token
  const code = readCode(typed, digits)
  if (code === undefined) return undefined
  if (token.kind === 'hotp') {
    const counter = matchingCounter({ secret, code, last, lookAhead: LOOK_AHEAD, algorithm, digits })
    return counter === undefined ? undefined : { first: counter, last: counter, drift: 0 }
  }
  const { period } = token
  const step = matchingStep({ secret, code, at: tokenTime(now, token), period, digits, algorithm, window })
  return step === undefined ? undefined : { first: step, last: step, drift: step - stepAt(now, period) }
}

/** What the token's own clock says. */
function tokenTime(now: Date, { drift, period }: { drift: number; period: number }): Date {
  return new Date(now.getTime() + drift * period * 1_000)
}

type Search = Pick<OathToken, 'algorithm' | 'digits' | 'last'> & {
  secret: Uint8Array
  /** ASCII digits, as `readCode` gives them. */
  code: string
  /** How many counters after the last accepted one are looked at, and as many before it. */
  lookAhead: number
}

/**
 * The counter whose code was typed, or undefined. Of two with the same code the newer one: whoever spends it spends both.
 * Every counter is computed and compared, so time does not tell which matches.
 */
export function matchingCounter({ secret, code, last, lookAhead, algorithm, digits }: Search): number | undefined {
  const typed = Buffer.from(code)
  if (typed.length !== digits) return undefined

  let found: number | undefined
  for (let counter = Math.max(0, last - lookAhead + 1); counter <= last + lookAhead; counter++) {
    const expected = Buffer.from(hotp({ secret, counter, algorithm, digits }))
    if (timingSafeEqual(expected, typed)) found = counter
  }
  return found
}
