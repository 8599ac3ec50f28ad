import type { Method } from '../../contract/shapes.ts'
import type { Judgement } from '../methods/judge.ts'
import { forgetTexts } from '../methods/text/send-code.ts'
import { type Reason, reasonToTake } from '../policy/ways.ts'
import type { Write } from '../ports.ts'
import { forgetCalls, forgetPrompts } from '../prompts/paces.ts'
import { isAllowed, type User } from '../users/user.ts'
import { type AnswerNeeds, type AnswerStores, type Asked, eventOf, NothingToAnswer, type Verdict } from './asked.ts'
import { inBeats } from './beats.ts'
import { limitsOf } from './limits.ts'
import { refuse, wrong } from './missed.ts'
import { pass } from './pass.ts'
import type { Transaction } from './view.ts'

/** `attemptsLeft`: of the thing that was answered, where it has a limit of its own. */
export type Judged = { judgement: Judgement; attemptsLeft?: number }
/** Compares, and spends what was right, within the unit of work that the try was spent in. */
type Judge<Stores> = (stores: Stores, user: User) => Promise<Judged>

/** What is asked for too often is counted since the last success. */
const forgetting: Partial<Record<Method, typeof forgetTexts>> = {
  text: forgetTexts,
  call: forgetCalls,
  app: forgetPrompts,
}

/**
 * The one way to answer a second step, whatever the method.
 *
 * The try is spent before the answer is looked at, so parallel guesses cannot share one; what was right is spent by one
 * conditional update of the method's; the sign-in is closed by another. All of it is one unit of work, with its audit
 * event.
 */
export async function answerWith<Stores extends AnswerStores>(
  needs: AnswerNeeds & { write: Write<Stores> },
  transaction: Transaction,
  about: Pick<Asked, 'method' | 'from'>,
  judge: Judge<Stores>,
): Promise<Verdict> {
  const asked: Asked = { transaction, ...about, now: needs.clock.now() }
  return unlessGone(needs, asked, () =>
    needs.write(async (stores) => {
      const user = await stores.users.spendAnswer(transaction.userId, limitsOf(needs.settings.current()), asked.now)
      if (!user) return refuse(needs, stores, asked)
      const taken = { ...asked, reason: await mustBeOpen(needs, stores, user, asked) }
      return conclude(needs, stores, { user, asked: taken, judged: await judge(stores, user) })
    }),
  )
}

type Beats<Stores, Found> = {
  /** What takes no such work is judged in the unit of work that spends the try. Undefined: it takes some. */
  atOnce?(stores: Stores, user: User): Promise<Judged | undefined>
  /** Whether there is anything to answer: if not, no try is spent. */
  ready(stores: Stores, user: User): Promise<boolean>
  /** A hash's work, or several. What it finds may be untrue by the time of `judge`, which looks again at what can change. */
  work(user: User): Promise<Found>
  judge(stores: Stores, user: User, found: Found): Promise<Judged>
}

/** The same, for an answer that takes a hash's work to judge: the try is spent in a unit of work of its own, before. */
export async function answerInBeats<Stores extends AnswerStores, Found>(
  needs: AnswerNeeds & { write: Write<Stores> },
  transaction: Transaction,
  about: Pick<Asked, 'method' | 'from'>,
  { atOnce, ready, work, judge }: Beats<Stores, Found>,
): Promise<Verdict> {
  const asked: Asked = { transaction, ...about, now: needs.clock.now() }
  return unlessGone(needs, asked, () =>
    inBeats(needs.write, {
      async spend(stores) {
        const user = await stores.users.spendAnswer(transaction.userId, limitsOf(needs.settings.current()), asked.now)
        if (!user) return { end: await refuse(needs, stores, asked) }
        const taken = { ...asked, reason: await mustBeOpen(needs, stores, user, asked) }
        const judged = await atOnce?.(stores, user)
        if (judged) return { end: await conclude(needs, stores, { user, asked: taken, judged }) }
        if (!(await ready(stores, user))) throw new NothingToAnswer()
        await stores.audit.write(eventOf('second-step.tried', taken))
        return { spent: user }
      },
      work,
      async conclude(stores, spent, found) {
        const later: Asked = { ...asked, now: needs.clock.now() }
        const held = await stores.users.hold(transaction.userId)
        if (!held) throw new NothingToAnswer()
        const taken = { ...later, reason: await mustBeOpen(needs, stores, held, later) }
        // Each answer tells of its own try, whatever others have spent since.
        const user = { ...held, failures: spent.failures, lockedUntil: spent.lockedUntil }
        return conclude(needs, stores, { user, asked: taken, judged: await judge(stores, user, found) })
      },
    }),
  )
}

async function unlessGone(
  { write }: { write: Write<AnswerStores> },
  asked: Asked,
  answer: () => Promise<Verdict>,
): Promise<Verdict> {
  try {
    const verdict = await answer()
    if (verdict.ok && isRight(verdict.value.outcome)) await forgetPaces(write, asked)
    return verdict
  } catch (error) {
    if (!(error instanceof NothingToAnswer)) throw error
    await write(({ audit }) => audit.write(eventOf('second-step.gone', asked)))
    return { ok: true, value: { outcome: 'gone' } }
  }
}

function isRight(outcome: string): boolean {
  return outcome === 'passed' || outcome === 'new-pin'
}

/** A unit of its own: whoever asks for a text takes these rows before the challenge's, an answer after it. */
async function forgetPaces(write: Write<AnswerStores>, { transaction, method }: Asked): Promise<void> {
  const forget = forgetting[method]
  if (!forget) return
  await write(async ({ users, throttle }) => {
    const user = await users.find(transaction.userId)
    if (user) await forget(throttle, user)
  })
}

/** A sign-in that is over, and a method that is not this person's, have nothing to answer. */
async function mustBeOpen(
  { settings }: AnswerNeeds,
  { signIns }: AnswerStores,
  user: User,
  { transaction, method, now }: Asked,
): Promise<Reason> {
  const open = transaction.purpose === 'step-up' || (await signIns.isOpen(transaction.id, now))
  const reason = reasonToTake(user.method, method, settings.current())
  if (!open || !isAllowed(user, now) || !reason) throw new NothingToAnswer()
  return reason
}

type Ending = { user: User; asked: Asked; judged: Judged }

function conclude(needs: AnswerNeeds, stores: AnswerStores, { user, asked, judged }: Ending): Promise<Verdict> {
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
