import { openSession } from '../sessions/open.ts'
import { newToken, tokenHash } from '../sessions/tokens.ts'
import { addressKey } from '../throttle/throttle.ts'
import type { User } from '../users/user.ts'
import { type AnswerNeeds, type AnswerStores, type Asked, eventOf, NothingToAnswer, type Verdict } from './asked.ts'

/** A new token for a new level (the old one is dead): a session, or the session with a fresh proof. */
export async function pass(
  { random, ids, settings }: AnswerNeeds,
  stores: AnswerStores,
  user: User,
  asked: Asked,
): Promise<Verdict> {
  const { transaction, from, now } = asked
  const token = newToken('se', random)
  const fallback = asked.reason === 'fallback:oath'
  if (transaction.purpose === 'step-up') {
    if (!(await stores.sessions.renew(transaction.id, tokenHash(token), now, fallback))) throw new NothingToAnswer()
    await stores.audit.write(eventOf('second-step.renewed', asked))
  } else {
    if (!(await stores.signIns.close(transaction.id, now))) throw new NothingToAnswer()
    await openSession({ ids, settings, sessions: stores.sessions }, { userId: user.id, token, from, now, fallback })
    await stores.known.remember(user.key, addressKey(from.address), now)
    await stores.audit.write(eventOf('second-step.passed', asked))
  }
  await stores.users.clearFailures(user.id, now)
  return { ok: true, value: { outcome: 'passed', session: token } }
}
