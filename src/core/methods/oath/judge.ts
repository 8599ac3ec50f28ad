import type { Sealing } from '../../secrets/sealing.ts'
import type { Judgement } from '../judge.ts'
import { placeOf } from './match.ts'
import { liveTokens, type OathToken, type Place, secretPlace, type TokenStore } from './token.ts'

type Needs = { tokens: TokenStore; sealing: Sealing }
type Asked = { userId: string; typed: string; window: number; now: Date }

/**
 * Judges a code against every token of the person: each does the same work, so time does not tell which it fits. The step
 * or counter is spent by one conditional update, on every path by which a code can come; the try was spent before.
 */
export async function judgeTokenCode(
  { tokens, sealing }: Needs,
  { userId, typed, window, now }: Asked,
): Promise<Judgement> {
  const live = await liveTokens(tokens, userId, now)
  if (live.length === 0) return 'gone'

  const fits = live.flatMap((token) => {
    const secret = sealing.open(token.sealedSecret, secretPlace(token.id))
    const place = placeOf(token, { secret, typed, window, now })
    return place ? [{ token, place: { ...place, drift: driftOf(token, place) } }] : []
  })
  for (const { token, place } of fits) if (await tokens.spend(token, place, now)) return 'right'
  return fits.length > 0 ? 'replayed' : 'wrong'
}

/**
 * RFC 6238 section 6: the drift of a clock is remembered at each code. Of hardware only: phones set their clocks by the
 * network, and a code that is typed late must not pull the window away from the present.
 */
function driftOf(token: OathToken, found: Place): number {
  if (token.kind === 'hotp') return 0
  return token.origin === 'hardware' ? found.drift : token.drift
}
