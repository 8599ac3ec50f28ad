import { readCode } from '../../../protocols/code-input.ts'
import { matchingStep } from '../../../protocols/totp.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Judgement } from '../judge.ts'
import { type OathToken, secretPlace, type TokenStore } from './token.ts'

type Needs = { tokens: TokenStore; sealing: Sealing }
type Asked = { userId: string; typed: string; window: number; now: Date }

/** Judges a token's code. The step is spent by one conditional update, on every path by which a code can come. */
export async function judgeTokenCode(
  { tokens, sealing }: Needs,
  { userId, typed, window, now }: Asked,
): Promise<Judgement> {
  const token = await tokens.findOf(userId)
  if (!token) return 'gone'

  const step = stepOf(token, typed, { sealing, window, now })
  if (step === undefined) return 'wrong'
  return (await tokens.spendStep(token.id, step, now)) ? 'right' : 'replayed'
}

type Seen = { sealing: Sealing; window: number; now: Date }

/** The time step whose code was typed, if any is near enough. */
export function stepOf(
  token: Pick<OathToken, 'id' | 'sealedSecret' | 'algorithm' | 'digits' | 'period'>,
  typed: string,
  { sealing, window, now }: Seen,
): number | undefined {
  const { algorithm, digits, period } = token
  const code = readCode(typed, digits)
  if (code === undefined) return undefined
  const secret = sealing.open(token.sealedSecret, secretPlace(token.id))
  return matchingStep({ secret, code, at: now, period, digits, algorithm, window })
}
