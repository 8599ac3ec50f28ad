import type { Output } from '../../contract/contract.ts'
import { tellOf } from '../delivery/notices.ts'
import type { User } from '../users/user.ts'
import { type AnswerNeeds, type AnswerStores, type Asked, eventOf } from './asked.ts'
import { lockOf } from './lock.ts'

type Missed = { ok: true; value: Extract<Output<'answerSecondStep'>, { outcome: 'wrong' | 'locked' }> }
type Miss = { judgement: 'wrong' | 'replayed'; attemptsLeft: number }

/** What was typed was not right: the audit has it, and at the end of the tries the owner hears of it. */
export async function wrong(
  { settings, notices }: Pick<AnswerNeeds, 'settings' | 'notices'>,
  { deliveries, audit }: Pick<AnswerStores, 'deliveries' | 'audit'>,
  user: User,
  asked: Asked,
  { judgement, attemptsLeft }: Miss,
): Promise<Missed> {
  await audit.write(eventOf(`second-step.${judgement}`, asked))
  const current = settings.current()
  const locked = lockOf(user, current['lock.budget'], asked.now)
  if (locked) {
    await audit.write(eventOf('second-step.locked', asked))
    // ASVS 6.3.5: the password was right and the second step was not; its owner hears of it.
    const { method, from, now } = asked
    await tellOf(notices, deliveries, user, { kind: 'locked', method, address: from.address }, now)
    return { ok: true, value: { outcome: 'locked', ...locked } }
  }
  const untilLock = current['lock.tries'] - (user.failures % current['lock.tries'])
  return {
    ok: true,
    value: {
      outcome: 'wrong',
      attemptsLeft: Math.min(attemptsLeft, untilLock, current['lock.budget'] - user.failures),
    },
  }
}

/** Nothing is looked at while the second step is locked. */
export async function refuse(
  { settings }: Pick<AnswerNeeds, 'settings'>,
  { users, audit }: Pick<AnswerStores, 'users' | 'audit'>,
  asked: Asked,
): Promise<Missed> {
  await audit.write(eventOf('second-step.refused', asked))
  const user = await users.find(asked.transaction.userId)
  const locked = user && lockOf(user, settings.current()['lock.budget'], asked.now)
  return { ok: true, value: { outcome: 'locked', ...locked } }
}
