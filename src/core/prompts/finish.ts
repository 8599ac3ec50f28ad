import type { Answer, Input } from '../../contract/contract.ts'
import type { From } from '../gate.ts'
import type { Write } from '../ports.ts'
import { answerWith } from '../second-step/answer.ts'
import type { AnswerNeeds, AnswerStores } from '../second-step/asked.ts'
import type { Transaction } from '../second-step/view.ts'
import type { PromptStore } from './prompt.ts'

type Needs = AnswerNeeds & {
  write: Write<AnswerStores & { prompts: PromptStore }>
}

/** What was approved elsewhere opens a session here: for its own transaction, once, in time. */
export function finishSecondStep(
  needs: Needs,
  transaction: Transaction,
  { method }: Input<'finishSecondStep'>,
  from: From,
): Promise<Answer<'finishSecondStep'>> {
  return answerWith(needs, transaction, { method, from }, async ({ prompts }, user) => {
    const prompt = await prompts.use(transaction.id, 'second-step', needs.clock.now())
    // A phone that is not the person's any more has confirmed nothing.
    const isOwn = prompt?.method === method && prompt.userId === user.id && prompt.phone === user.phone
    return { judgement: isOwn ? 'right' : 'gone' }
  })
}
