import { tellOf } from '../delivery/notices.ts'
import type { From } from '../gate.ts'
import type { Write } from '../ports.ts'
import { matchRecoveryCode, type RecoveryCodeStore } from '../recovery/recovery-codes.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import { answerInBeats } from './answer.ts'
import type { AnswerNeeds, AnswerStores, Verdict } from './asked.ts'
import type { Transaction } from './view.ts'

export type RecoveryAnswerStores = AnswerStores & { recoveryCodes: RecoveryCodeStore }
type Needs = AnswerNeeds & {
  write: Write<RecoveryAnswerStores>
  recoveryCodes: RecoveryCodeStore
  hasher: PasswordHasher
}

/**
 * A code of the person's own list in place of the second step, once. It is spent in the unit of work that lets the person
 * in, and the owner hears of it: whoever found the list is not the owner.
 */
export function answerRecovery(
  needs: Needs,
  transaction: Transaction,
  { code }: { code: string },
  from: From,
): Promise<Verdict> {
  const { recoveryCodes: codes, hasher, notices, clock } = needs
  return answerInBeats(
    needs,
    transaction,
    { method: 'recovery', from },
    {
      ready: async ({ recoveryCodes }, user) => (await recoveryCodes.countOf(user.id)).unused > 0,
      work: (user) => matchRecoveryCode({ codes, hasher }, { userId: user.id, typed: code }),
      async judge({ recoveryCodes, deliveries, audit }, user, id) {
        if (id === undefined) return { judgement: 'wrong' }
        const now = clock.now()
        if (!(await recoveryCodes.spend(user.id, id, now))) return { judgement: 'replayed' }

        const { unused: left } = await recoveryCodes.countOf(user.id)
        const { address, userAgent } = from
        await audit.write({ what: 'recovery.used', at: now, userId: user.id, address, userAgent, facts: { left } })
        await tellOf(notices, deliveries, user, { kind: 'recovery-used', left, address }, now)
        return { judgement: 'right' }
      },
    },
  )
}
