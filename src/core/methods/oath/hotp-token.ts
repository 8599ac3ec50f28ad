import { timingSafeEqual } from 'node:crypto'
import { readCode } from '../../../protocols/code-input.ts'
import { hotp, type OtpAlgorithm, type OtpDigits } from '../../../protocols/hotp.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Judgement } from '../judge.ts'
import { secretPlace } from './token.ts'

/** A token that counts (RFC 4226): a button that shows the next code at each press. */
export type HotpToken = {
  id: string
  userId: string
  /** At the place that `secretPlace` names. */
  sealedSecret: string
  algorithm: OtpAlgorithm
  digits: OtpDigits
  /** The newest counter that was accepted; only a newer one is accepted again. -1 before the first. */
  lastCounter: number
}

export interface HotpStore {
  findOf(userId: string): Promise<HotpToken | undefined>
  /** True for exactly one caller, by one statement: `SET last_counter = n ... WHERE id = ... AND last_counter < n`. */
  spendCounter(id: string, counter: number, now: Date): Promise<boolean>
}

/** Presses that nobody typed in which are put up with (RFC 4226 section 7.4); beyond them the token is resynchronised. */
export const LOOK_AHEAD = 10

type Search = Pick<HotpToken, 'algorithm' | 'digits' | 'lastCounter'> & {
  secret: Uint8Array
  /** ASCII digits, as `readCode` gives them. */
  code: string
  /** How many counters after the last accepted one are looked at. */
  lookAhead: number
}

/**
 * The counter whose code was typed, or undefined. Of two with the same code the newer one: whoever spends it spends both.
 * As many counters before the last accepted one are looked at too, so that a code that comes again is known as such; the
 * store then refuses it. Every counter is computed and compared, so time does not tell which matches.
 */
export function matchingCounter({
  secret,
  code,
  lastCounter,
  lookAhead,
  algorithm,
  digits,
}: Search): number | undefined {
  const typed = Buffer.from(code)
  if (typed.length !== digits) return undefined

  let found: number | undefined
  for (let counter = Math.max(0, lastCounter - lookAhead + 1); counter <= lastCounter + lookAhead; counter++) {
    const expected = Buffer.from(hotp({ secret, counter, algorithm, digits }))
    if (timingSafeEqual(expected, typed)) found = counter
  }
  return found
}

type Needs = { tokens: HotpStore; sealing: Sealing }
type Asked = { userId: string; typed: string; lookAhead?: number | undefined; now: Date }

/** Judges a token's code; the counter is spent by one conditional update. The try was spent by the caller before. */
export async function judgeHotpCode(
  { tokens, sealing }: Needs,
  { userId, typed, lookAhead = LOOK_AHEAD, now }: Asked,
): Promise<Judgement> {
  const token = await tokens.findOf(userId)
  if (!token) return 'gone'
  const code = readCode(typed, token.digits)
  if (code === undefined) return 'wrong'

  const secret = sealing.open(token.sealedSecret, secretPlace(token.id))
  const counter = matchingCounter({ ...token, secret, code, lookAhead })
  if (counter === undefined) return 'wrong'
  return (await tokens.spendCounter(token.id, counter, now)) ? 'right' : 'replayed'
}
