import { readCode } from '../../../protocols/code-input.ts'
import type { ChallengeStore, Purpose } from '../../challenges/challenge.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Judgement } from '../judge.ts'
import { CODE_DIGITS } from './send-code.ts'

type Needs = { challenges: ChallengeStore; sealing: Sealing }
type Asked = {
  transactionId: string
  purpose: Purpose
  typed: string
  now: Date
  sentTo?: string | undefined
  rest?: boolean
}
export type TextVerdict = { judgement: Judgement; attemptsLeft: number; phone?: string }

/**
 * The attempt is spent before the code is looked at, so parallel guesses cannot share one; the close has one winner.
 * With `sentTo`, a code that went to any other number answers nothing. `rest`: whether what else was asked was right; if
 * not, the attempt is spent as for a wrong code, and the code is not.
 */
export async function judgeTextedCode(
  { challenges, sealing }: Needs,
  { transactionId, purpose, typed, now, sentTo, rest = true }: Asked,
): Promise<TextVerdict> {
  const challenge = await challenges.spendAttempt(transactionId, purpose, now)
  if (!challenge || (sentTo !== undefined && sentTo !== challenge.phone)) return { judgement: 'gone', attemptsLeft: 0 }

  const { id, attemptsLeft, phone } = challenge
  const code = readCode(typed, CODE_DIGITS)
  if (code === undefined || !sealing.macMatches(challenge.codeMac, 'challenge-code', id, code) || !rest) {
    return { judgement: 'wrong', attemptsLeft }
  }
  return (await challenges.close(id, now))
    ? { judgement: 'right', attemptsLeft, phone }
    : { judgement: 'gone', attemptsLeft: 0 }
}
