import type { Answer, Input } from '../../contract/contract.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { From } from '../gate.ts'
import { resynchronise } from '../methods/oath/resync.ts'
import { liveTokens } from '../methods/oath/token.ts'
import type { Clock, Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { type AnswerStores, type Asked, eventOf, NothingToAnswer } from './asked.ts'
import { limitsOf } from './limits.ts'
import { refuse, wrong } from './missed.ts'
import type { Transaction } from './view.ts'

type Stores = Pick<AnswerStores, 'users' | 'tokens' | 'deliveries' | 'audit'>
type Needs = {
  write: Write<Stores>
  sealing: Sealing
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
}

/**
 * Brings a token that ran away back, by two codes in a row (RFC 4226 section 7.4), on behalf of its holder.
 *
 * The try of the second step is spent before anything is looked at, and both codes must be newer than all that was
 * accepted: this is no way round the budget, or for an observed code (CVE-2019-12887). Nor is it a proof: codes are looked
 * for as far as an hour back, and two that somebody read off an unused token in that hour must not sign in. The next code
 * does, within its usual window. So the try that was spent comes back, and no other: the budget is not begun anew.
 */
export async function resyncToken(
  needs: Needs,
  transaction: Transaction,
  { first, second }: Input<'resyncToken'>,
  from: From,
): Promise<Answer<'resyncToken'>> {
  const { write, sealing, settings, clock } = needs
  const now = clock.now()
  const asked: Asked = { transaction, method: 'oath', from, now }
  const limits = limitsOf(settings.current())
  try {
    return await write(async (stores) => {
      const user = await stores.users.spendAnswer(transaction.userId, limits, now)
      if (!user) return refuse(needs, stores, asked)

      const among = await liveTokens(stores.tokens, user.id, now)
      const judgement = await resynchronise({ ...stores, sealing }, { among, codes: [first, second], now })
      if (judgement === 'gone') throw new NothingToAnswer()
      if (judgement !== 'right') {
        return wrong(needs, stores, user, asked, { judgement, attemptsLeft: Number.POSITIVE_INFINITY })
      }
      await stores.users.returnAnswer(user.id, limits)
      await stores.audit.write(eventOf('token.resynchronised', asked))
      return { ok: true, value: { outcome: 'done' } }
    })
  } catch (error) {
    if (error instanceof NothingToAnswer) return { ok: true, value: { outcome: 'gone' } }
    throw error
  }
}
