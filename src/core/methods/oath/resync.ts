import { timingSafeEqual } from 'node:crypto'
import { readCode } from '../../../protocols/code-input.ts'
import { hotp, type OtpAlgorithm, type OtpDigits } from '../../../protocols/hotp.ts'
import { stepAt } from '../../../protocols/totp.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Judgement } from '../judge.ts'
import { secretPlace } from './token.ts'

/** A token that has run away: by button presses, or by a clock that is fast or slow. */
export type RunawayToken = {
  id: string
  sealedSecret: string
  algorithm: OtpAlgorithm
  digits: OtpDigits
  /** The newest counter or step that was accepted, -1 before the first. */
  last: number
} & ({ kind: 'hotp' } | { kind: 'totp'; period: number })

/** Two codes that followed one another on the token, and by how many steps its clock is ahead of ours (0 for HOTP). */
export type Resync = { first: number; second: number; drift: number }

export interface ResyncStore {
  /** True for exactly one caller, by one statement: `SET last = second, drift = ... WHERE id = ... AND last < first`. */
  spendBoth(id: string, resync: Resync, now: Date): Promise<boolean>
}

/** Counters ahead, and steps to either side (an hour, at 30 seconds), in which two codes are looked for. */
export const RESYNC_WITHIN = { hotp: 1_000, totp: 120 }

/**
 * Where two codes of a token stand, one right after the other; undefined where they stand nowhere. Both must be newer
 * than what was last accepted: else an observed code could be used again by this way (CVE-2019-12887).
 */
export function findResync(
  token: Pick<RunawayToken, 'algorithm' | 'digits' | 'last'> & ({ kind: 'hotp' } | { kind: 'totp'; period: number }),
  { secret, codes, now }: { secret: Uint8Array; codes: readonly [string, string]; now: Date },
): Resync | undefined {
  const { algorithm, digits, last } = token
  const [first, second] = codes.map((code) => Buffer.from(code))
  if (first?.length !== digits || second?.length !== digits) return undefined

  const present = token.kind === 'totp' ? stepAt(now, token.period) : 0
  const [from, to] =
    token.kind === 'hotp'
      ? [last + 1, last + RESYNC_WITHIN.hotp]
      : [Math.max(0, last + 1, present - RESYNC_WITHIN.totp), present + RESYNC_WITHIN.totp]
  let found: number | undefined
  let before = false
  for (let counter = from; counter <= to; counter++) {
    const expected = Buffer.from(hotp({ secret, counter, algorithm, digits }))
    if (before && timingSafeEqual(expected, second)) found = counter
    before = timingSafeEqual(expected, first)
  }
  if (found === undefined) return undefined
  return { first: found - 1, second: found, drift: token.kind === 'totp' ? found - present : 0 }
}

type Needs = { tokens: ResyncStore; sealing: Sealing }
type Asked = { token: RunawayToken; typed: readonly [string, string]; now: Date }

/** Judges two codes and spends both. The caller has spent a try of the second step's budget before. */
export async function resynchronise({ tokens, sealing }: Needs, { token, typed, now }: Asked): Promise<Judgement> {
  const [first, second] = typed.map((code) => readCode(code, token.digits))
  if (first === undefined || second === undefined) return 'wrong'

  const secret = sealing.open(token.sealedSecret, secretPlace(token.id))
  const resync = findResync(token, { secret, codes: [first, second], now })
  if (!resync) return 'wrong'
  return (await tokens.spendBoth(token.id, resync, now)) ? 'right' : 'replayed'
}

/** What the token's own clock says; codes are then looked for around this time (`matchingStep`). */
export function tokenTime(now: Date, { drift, period }: { drift: number; period: number }): Date {
  return new Date(now.getTime() + drift * period * 1_000)
}
