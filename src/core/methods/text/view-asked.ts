import type { z } from 'zod'
import type { AskedText as Shape } from '../../../contract/shapes.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { ReplyMode } from '../../policy/modes.ts'
import type { PromptPurpose, PromptStore, SeenPrompt } from '../../prompts/prompt.ts'
import type { PaceReader } from '../../throttle/throttle.ts'
import { maskedPhone } from '../../users/phone.ts'
import type { AskedTextStore } from './asked-text.ts'
import { sendingOf, textsOfUserKey } from './send-code.ts'

export type AskedTextViewNeeds = {
  prompts: PromptStore
  askedTexts: AskedTextStore
  deliveries: DeliveryQueue
  paces: PaceReader
}
type View = z.input<typeof Shape>

/** Whoever has just been texted is not texted again at once. */
const AGAIN_AFTER_MS = 20_000

/** The newest text of a sign-in or session that asks for a reply, and what came of it. Undefined: none, or it has been used. */
export async function viewAskedText(
  { prompts, askedTexts, deliveries, paces }: AskedTextViewNeeds,
  transactionId: string,
  purpose: PromptPurpose,
  now: Date,
): Promise<View | undefined> {
  const prompt = await prompts.newest(transactionId, purpose)
  const text = prompt && prompt.state !== 'used' ? await askedTexts.find(prompt.id) : undefined
  if (!prompt || !text) return undefined

  const mode = prompt.mode as ReplyMode
  const next = await paces.nextAt(textsOfUserKey(prompt.userId))
  const again = Math.max(prompt.createdAt.getTime() + AGAIN_AFTER_MS, next?.getTime() ?? 0)
  const stands = stateOf(prompt, now)
  return {
    maskedNumber: maskedPhone(prompt.phone),
    mode,
    ...(mode === 'two-way-number' && stands.state === 'waiting' && { number: prompt.number }),
    sending: sendingOf(await deliveries.progressOf(text.deliveryId)),
    ...stands,
    ...(stands.state === 'waiting' && prompt.outcome === 'wrong-reply' && { attemptsLeft: text.attemptsLeft }),
    expiresAt: prompt.expiresAt.toISOString(),
    againAt: new Date(again).toISOString(),
  }
}

function stateOf({ state, expiresAt }: SeenPrompt, now: Date): Pick<View, 'state' | 'outcome'> {
  if (state === 'replaced') return { state: 'over', outcome: 'replaced' }
  if (state === 'denied') return { state: 'over', outcome: 'wrong-reply' }
  if (expiresAt <= now) return { state: 'over', outcome: 'expired' }
  return { state: state === 'approved' ? 'approved' : 'waiting' }
}
