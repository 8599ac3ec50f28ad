import { timingSafeEqual } from 'node:crypto'
import { readCode } from '../../../protocols/code-input.ts'
import { hotp } from '../../../protocols/hotp.ts'
import { stepAt } from '../../../protocols/totp.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Judgement } from '../judge.ts'
import type { Matching } from './match.ts'
import { type OathToken, type Place, secretPlace, type TokenStore } from './token.ts'

/** Counters ahead, and steps to either side (an hour, at 30 seconds), in which two codes are looked for. */
export const RESYNC_WITHIN = { hotp: 1_000, totp: 120 }

type Two = { secret: Uint8Array; codes: readonly [string, string]; now: Date }

/**
 * Where two codes of a token that has run away stand, one right after the other (RFC 4226 section 7.4); undefined where
 * they stand nowhere. Both must be newer than what was last accepted: else an observed code could be used again by this
 * way (CVE-2019-12887).
 */
export function findResync(token: Matching, { secret, codes, now }: Two): Place | undefined {
  const { algorithm, digits, last } = token
  const [first, second] = codes.map((code) => Buffer.from(readCode(code, digits) ?? ''))
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
  return { first: found - 1, last: found, drift: token.kind === 'totp' ? found - present : 0 }
}

type Needs = { tokens: TokenStore; sealing: Sealing }
type Asked = { among: readonly OathToken[]; codes: readonly [string, string]; now: Date }

/** Looks for two codes on each token, and spends both on the one that they are of. The try was spent before. */
export async function resynchronise({ tokens, sealing }: Needs, { among, codes, now }: Asked): Promise<Judgement> {
  if (among.length === 0) return 'gone'
  const fits = among.flatMap((token) => {
    const secret = sealing.open(token.sealedSecret, secretPlace(token.id))
    const place = findResync(token, { secret, codes, now })
    return place ? [{ token, place }] : []
  })
  for (const { token, place } of fits) if (await tokens.spend(token, place, now)) return 'right'
  return fits.length > 0 ? 'replayed' : 'wrong'
}
