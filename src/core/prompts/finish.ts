import type { Answer, Input } from '../../contract/contract.ts'
import type { From } from '../gate.ts'
import type { AppAskStore, DeviceStore } from '../methods/app/device.ts'
import { modeNow } from '../pin/mode-now.ts'
import type { Write } from '../ports.ts'
import { answerWith } from '../second-step/answer.ts'
import type { AnswerNeeds, AnswerStores } from '../second-step/asked.ts'
import type { Transaction } from '../second-step/view.ts'
import type { User } from '../users/user.ts'
import type { SeenPrompt } from './prompt.ts'

type Needs = AnswerNeeds & {
  write: Write<Stores>
}
type Stores = AnswerStores & { asks: AppAskStore; devices: DeviceStore }

/** What was approved elsewhere opens a session here: for its own transaction, once, in time. */
export function finishSecondStep(
  needs: Needs,
  transaction: Transaction,
  { method }: Input<'finishSecondStep'>,
  from: From,
): Promise<Answer<'finishSecondStep'>> {
  return answerWith(needs, transaction, { method, from }, async (stores, user) => {
    const prompt = await stores.prompts.use(transaction.id, 'second-step', needs.clock.now())
    const isOwn = prompt?.method === method && prompt.userId === user.id && (await isFromOwn(stores, user, prompt))
    // Asked before a PIN was chosen or the operator wanted one: it did not ask for all that is asked for now.
    const isWhole = isOwn && prompt.mode === (await modeNow({ ...stores, settings: needs.settings }, method, user))
    return { judgement: isWhole ? 'right' : 'gone' }
  })
}

/** A phone or a device that is not the person's any more has confirmed nothing. */
async function isFromOwn({ asks, devices }: Stores, user: User, prompt: SeenPrompt): Promise<boolean> {
  if (prompt.method !== 'app') return prompt.phone === user.phone
  const ask = await asks.find(prompt.id)
  const own = await devices.listOf(user.id)
  return own.some(({ id }) => id === ask?.deviceId)
}
