import type { Input } from '../../contract/contract.ts'
import { tellOf } from '../delivery/notices.ts'
import type { From } from '../gate.ts'
import { judgeAnswers, type SecurityAnswer, type SecurityAnswerStore } from '../methods/questions/questions.ts'
import type { Write } from '../ports.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import { answerInBeats } from './answer.ts'
import type { AnswerNeeds, AnswerStores, Verdict } from './asked.ts'
import type { Transaction } from './view.ts'

type Needs = AnswerNeeds & {
  write: Write<AnswerStores & { securityAnswers: SecurityAnswerStore }>
  securityAnswers: SecurityAnswerStore
  hasher: PasswordHasher
}

/** All answers at once, for one try: whoever could ask about each alone would have as many tries as questions. */
export function answerQuestions(
  needs: Needs,
  transaction: Transaction,
  { answers }: Input<'answerQuestions'>,
  from: From,
): Promise<Verdict> {
  const { securityAnswers, hasher, notices, settings, clock } = needs
  const given = answers.map(({ id, answer }) => ({ questionId: id, answer }))
  const needed = () => settings.current()['portal.questions_needed']
  return answerInBeats(
    needs,
    transaction,
    { method: 'questions', from },
    {
      ready: async ({ securityAnswers }, user) => (await securityAnswers.allOf(user.id)).length >= needed(),
      async work(user) {
        const stored = await securityAnswers.allOf(user.id)
        const right = await judgeAnswers({ hasher, sealing: notices.sealing }, { stored, given, needed: needed() })
        return { right, stored }
      },
      async judge({ securityAnswers, deliveries }, user, { right, stored }) {
        // What was answered anew since is another set, and these were not answers to it.
        if (!right || !isSame(stored, await securityAnswers.allOf(user.id))) return { judgement: 'wrong' }
        await tellOf(notices, deliveries, user, { kind: 'questions-used', address: from.address }, clock.now())
        return { judgement: 'right' }
      },
    },
  )
}

function isSame(one: readonly SecurityAnswer[], other: readonly SecurityAnswer[]): boolean {
  return one.length === other.length && one.every(({ id }, i) => id === other[i]?.id)
}
