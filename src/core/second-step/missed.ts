import type { Output } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { tellOf } from '../delivery/notices.ts'
import type { User } from '../users/user.ts'
import { type AnswerNeeds, type AnswerStores, type Asked, eventOf } from './asked.ts'
import { limitsOf, triesLeft } from './limits.ts'
import { lockOf } from './lock.ts'

type Missed = { ok: true; value: Extract<Output<'answerSecondStep'>, { outcome: 'wrong' | 'locked' }> }
type Needs = Pick<AnswerNeeds, 'settings' | 'notices'>
type Stores = Pick<AnswerStores, 'deliveries' | 'audit'>
type Event = Parameters<AuditLog['write']>[0]
type Miss = { judgement: 'wrong' | 'replayed'; attemptsLeft: number }

/** What was typed was not right: the audit has it, and at the end of the tries the owner hears of it. */
export async function wrong(
  needs: Needs,
  stores: Stores,
  user: User,
  asked: Asked,
  { judgement, attemptsLeft }: Miss,
): Promise<Missed> {
  await stores.audit.write(eventOf(`second-step.${judgement}`, asked))
  const missed = await afterMiss(needs, stores, user, eventOf('second-step.locked', asked))
  if (missed.outcome === 'locked') return { ok: true, value: missed }
  return { ok: true, value: { ...missed, attemptsLeft: Math.min(attemptsLeft, missed.attemptsLeft) } }
}

/** What a wrong answer leaves, whose try has been spent: so many tries more, or the lock, with the event of it. */
export async function afterMiss(
  { settings, notices }: Needs,
  { deliveries, audit }: Stores,
  user: User,
  event: Event,
): Promise<Missed['value']> {
  const limits = limitsOf(settings.current())
  const locked = lockOf(user, limits.budget, event.at)
  if (locked) {
    await audit.write(event)
    // ASVS 6.3.5: the password was right and the second step was not; its owner hears of it.
    const { address, facts } = event
    const method = typeof facts?.method === 'string' ? facts.method : undefined
    await tellOf(notices, deliveries, user, { kind: 'locked', method, address }, event.at)
    return { outcome: 'locked', ...locked }
  }
  return { outcome: 'wrong', attemptsLeft: triesLeft(user, limits) }
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
