import type { Answer, Input } from '../../contract/contract.ts'
import type { Method } from '../../contract/shapes.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import type { ChallengeStore } from '../challenges/challenge.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import type { Judgement } from '../methods/judge.ts'
import { judgeTokenCode } from '../methods/oath/judge.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import { judgeTextedCode } from '../methods/text/judge.ts'
import { forgetTexts } from '../methods/text/send-code.ts'
import { type Reason, reasonToTake } from '../policy/ways.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import { forgetCalls } from '../prompts/paces.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { openSession } from '../sessions/open.ts'
import type { SessionStore, SignInStore } from '../sessions/session.ts'
import { newToken, tokenHash } from '../sessions/tokens.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { KnownAddressStore } from '../sign-in/known-address.ts'
import { addressKey, type ThrottleStore } from '../throttle/throttle.ts'
import { isAllowed, type User, type UserStore } from '../users/user.ts'
import { limitsOf } from './limits.ts'
import { lockOf } from './lock.ts'
import type { Transaction } from './view.ts'

export type AnswerStores = {
  users: UserStore
  challenges: ChallengeStore
  tokens: TokenStore
  signIns: SignInStore
  sessions: SessionStore
  known: KnownAddressStore
  throttle: ThrottleStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
type Needs = {
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
  notices: NoticeNeeds
}
/** What any way of giving the second step ends in. */
export type Verdict = Answer<'answerSecondStep'>
/** One answer, with all that is known of it. `reason`: why it is taken, once that is known. */
export type Asked = { transaction: Transaction; method: Method; from: From; now: Date; reason?: Reason }
/** `attemptsLeft`: of the thing that was answered, where it has a limit of its own. */
export type Judged = { judgement: Judgement; attemptsLeft?: number }
/** Compares, and spends what was right, within the unit of work that the try was spent in. */
type Judge<Stores> = (stores: Stores, user: User) => Promise<Judged>

/** Undoes the unit of work: an answer to what is over costs no try. */
class NothingToAnswer extends Error {}

/**
 * The one way to answer a second step, whatever the method.
 *
 * The try is spent before the answer is looked at, so parallel guesses cannot share one; what was right is spent by one
 * conditional update of the method's; the sign-in is closed by another. All of it is one unit of work, with its audit
 * event.
 */
export async function answerWith<Stores extends AnswerStores>(
  needs: Needs & { write: Write<Stores> },
  transaction: Transaction,
  { method, from }: Pick<Asked, 'method' | 'from'>,
  judge: Judge<Stores>,
): Promise<Verdict> {
  const { write, settings, clock } = needs
  const asked: Asked = { transaction, method, from, now: clock.now() }
  const limits = limitsOf(settings.current())
  let user: User | undefined
  try {
    const verdict = await write(async (stores) => {
      user = await stores.users.spendAnswer(transaction.userId, limits, asked.now)
      if (!user) return refuse(needs, stores, asked)
      const taken = { ...asked, reason: await mustBeOpen(needs, stores, user, asked) }
      return conclude(needs, stores, { user, asked: taken, judged: await judge(stores, user) })
    })
    if (user && (method === 'text' || method === 'call') && verdict.ok && verdict.value.outcome === 'passed') {
      const { id, phone } = user
      // A unit of its own: whoever asks for a text takes these rows before the challenge's, this one after it.
      const forget = method === 'text' ? forgetTexts : forgetCalls
      await write(({ throttle }) => forget(throttle, { id, phone }))
    }
    return verdict
  } catch (error) {
    if (!(error instanceof NothingToAnswer)) throw error
    await write(({ audit }) => audit.write(eventOf('second-step.gone', asked)))
    return { ok: true, value: { outcome: 'gone' } }
  }
}

/** A sign-in that is over, and a method that is not this person's, have nothing to answer. */
async function mustBeOpen({ settings }: Needs, { signIns }: AnswerStores, user: User, asked: Asked): Promise<Reason> {
  const { transaction, method, now } = asked
  const open = transaction.purpose === 'step-up' || (await signIns.isOpen(transaction.id, now))
  const reason = reasonToTake(user.method, method, settings.current())
  if (!open || !isAllowed(user, now) || !reason) throw new NothingToAnswer()
  return reason
}

type Ending = { user: User; asked: Asked; judged: Judged }

function conclude(needs: Needs, stores: AnswerStores, { user, asked, judged }: Ending): Promise<Verdict> {
  const { judgement, attemptsLeft = Number.POSITIVE_INFINITY } = judged
  switch (judgement) {
    case 'right':
      return pass(needs, stores, user, asked)
    case 'gone':
      throw new NothingToAnswer()
    case 'replayed':
    case 'wrong':
      return wrong(needs, stores, user, asked, { judgement, attemptsLeft })
  }
}

/** Judges a code that a person typed. */
export async function answerSecondStep(
  needs: Needs & { write: Write<AnswerStores>; sealing: Sealing },
  transaction: Transaction,
  { method, code }: Input<'answerSecondStep'>,
  from: From,
): Promise<Verdict> {
  const { sealing, settings, clock } = needs
  return answerWith(needs, transaction, { method, from }, async (stores, { phone }) => {
    const typed = { typed: code, now: clock.now() }
    switch (method) {
      case 'text': {
        // A code that is out at a number of before, or in the hands of whoever has that number now, is dead.
        const asked = { ...typed, transactionId: transaction.id, sentTo: phone, purpose: 'second-step' } as const
        return judgeTextedCode({ ...stores, sealing }, asked)
      }
      case 'oath': {
        const asked = { ...typed, userId: transaction.userId, window: settings.current()['oath.window'] }
        return { judgement: await judgeTokenCode({ ...stores, sealing }, asked) }
      }
    }
  })
}

/** A new token for a new level (the old one is dead): a session, or the session with a fresh proof. */
async function pass(
  { random, ids, settings }: Needs,
  stores: AnswerStores,
  user: User,
  asked: Asked,
): Promise<Verdict> {
  const { transaction, from, now } = asked
  const token = newToken('se', random)
  if (transaction.purpose === 'step-up') {
    if (!(await stores.sessions.renew(transaction.id, tokenHash(token), now))) throw new NothingToAnswer()
    await stores.audit.write(eventOf('second-step.renewed', asked))
  } else {
    if (!(await stores.signIns.close(transaction.id, now))) throw new NothingToAnswer()
    await openSession({ ids, settings, sessions: stores.sessions }, { userId: user.id, token, from, now })
    await stores.known.remember(user.key, addressKey(from.address), now)
    await stores.audit.write(eventOf('second-step.passed', asked))
  }
  await stores.users.clearFailures(user.id, now)
  return { ok: true, value: { outcome: 'passed', session: token } }
}

type Miss = { judgement: 'wrong' | 'replayed'; attemptsLeft: number }

async function wrong(
  { settings, notices }: Needs,
  { deliveries, audit }: AnswerStores,
  user: User,
  asked: Asked,
  { judgement, attemptsLeft }: Miss,
): Promise<Verdict> {
  await audit.write(eventOf(`second-step.${judgement}`, asked))
  const current = settings.current()
  const locked = lockOf(user, current['lock.budget'], asked.now)
  if (locked) {
    await audit.write(eventOf('second-step.locked', asked))
    // ASVS 6.3.5: the password was right and the second step was not; its owner hears of it.
    await tellOf(notices, deliveries, user, { kind: 'locked' }, asked.now)
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

async function refuse({ settings }: Needs, { users, audit }: AnswerStores, asked: Asked): Promise<Verdict> {
  await audit.write(eventOf('second-step.refused', asked))
  const user = await users.find(asked.transaction.userId)
  const locked = user && lockOf(user, settings.current()['lock.budget'], asked.now)
  return { ok: true, value: { outcome: 'locked', ...locked } }
}

function eventOf(what: EventName, { transaction, method, from, now, reason }: Asked) {
  const { address, userAgent } = from
  return { what, at: now, userId: transaction.userId, address, userAgent, facts: { method, reason } }
}
