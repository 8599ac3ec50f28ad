import type { Answer, Input } from '../../contract/contract.ts'
import type { PasswordCheck } from '../directory.ts'
import type { From } from '../gate.ts'
import { type FirstStepNeeds, firstStep } from './begin.ts'
import { type Asked, takeChallenge } from './directory-challenge.ts'

/**
 * The reply to what the directory asked back; another question may follow. Its try takes the place of the one that had
 * led to the question, so that a sign-in costs one, however often the directory asks.
 */
export async function answerDirectoryChallenge(
  needs: FirstStepNeeds,
  { challenge, reply }: Input<'answerDirectoryChallenge'>,
  from: From,
): Promise<Answer<'answerDirectoryChallenge'>> {
  const { settings, pace, clock } = needs
  if (!settings.current()['portal.allow_log_in']) return { ok: false, refusal: 'sign-in.off' }
  const asked = await takeChallenge(needs, challenge)
  if (!asked) return { ok: true, value: { outcome: 'gone' } }

  await pace.refund(asked.key, asked.address, clock.now())
  const until = await pace.spend(asked.key, from.address, clock.now())
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }
  return firstStep(needs, asked.key, from, () => replyTo(needs, asked, reply, from))
}

async function replyTo(
  { directory }: FirstStepNeeds,
  { state }: Asked,
  reply: string,
  from: From,
): Promise<PasswordCheck> {
  // Without it the configuration has changed since: nobody is left who would know the answer.
  const check = await directory.answerChallenge?.(state, reply, from)
  if (!check) return { outcome: 'wrong', why: 'reply' }
  return check.outcome === 'wrong' && check.why === 'password' ? { outcome: 'wrong', why: 'reply' } : check
}
