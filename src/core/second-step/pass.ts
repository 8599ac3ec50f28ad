import { pinWanted } from '../pin/wanted.ts'
import { letIn } from '../sessions/let-in.ts'
import { newToken, tokenHash } from '../sessions/tokens.ts'
import type { User } from '../users/user.ts'
import { type AnswerNeeds, type AnswerStores, type Asked, eventOf, NothingToAnswer, type Verdict } from './asked.ts'

/** A new token for a new level (the old one is dead): a session, or the session with a fresh proof, or the choice of a PIN. */
export async function pass(needs: AnswerNeeds, stores: AnswerStores, user: User, asked: Asked): Promise<Verdict> {
  const { transaction, method, from, now } = asked
  const fallback = asked.reason === 'fallback:oath'
  // A phone that rings, or a device that asks, for what is done already would teach people to say yes.
  await stores.prompts.withdraw(transaction.id, now)
  await stores.users.clearFailures(user.id, now)
  // No way beside the chosen one makes a session of the fallback one like any other.
  if (transaction.purpose === 'step-up')
    return renew(needs, stores, asked, asked.reason?.startsWith('fallback:') === true)

  const why = await pinWanted({ ...stores, settings: needs.settings.current() }, { user, method, now })
  if (why) {
    const token = newToken('si', needs.random)
    if (!(await stores.signIns.leadToPin(transaction.id, tokenHash(token), now, fallback))) throw new NothingToAnswer()
    const event = eventOf('second-step.new-pin', asked)
    await stores.audit.write({ ...event, facts: { ...event.facts, why } })
    return { ok: true, value: { outcome: 'new-pin', session: token } }
  }
  const token = await letIn(needs, stores, { user, signInId: transaction.id, from, now, fallback })
  if (!token) throw new NothingToAnswer()
  await stores.audit.write(eventOf('second-step.passed', asked))
  return { ok: true, value: { outcome: 'passed', session: token } }
}

async function renew(
  { random }: AnswerNeeds,
  { sessions, audit }: AnswerStores,
  asked: Asked,
  fallback: boolean,
): Promise<Verdict> {
  const token = newToken('se', random)
  if (!(await sessions.renew(asked.transaction.id, tokenHash(token), asked.now, fallback))) throw new NothingToAnswer()
  await audit.write(eventOf('second-step.renewed', asked))
  return { ok: true, value: { outcome: 'passed', session: token } }
}
