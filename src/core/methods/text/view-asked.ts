import type { z } from 'zod'
import type { AskedText as Shape } from '../../../contract/shapes.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { ReplyMode } from '../../policy/modes.ts'
import type { PromptPurpose, PromptStore } from '../../prompts/prompt.ts'
import { againAt, standingOf } from '../../prompts/standing.ts'
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
  const stands = standingOf(prompt, 'wrong-reply', now)
  return {
    maskedNumber: maskedPhone(prompt.phone),
    mode,
    ...(mode === 'two-way-number' && stands.state === 'waiting' && { number: prompt.number }),
    sending: sendingOf(await deliveries.progressOf(text.deliveryId)),
    ...stands,
    ...(stands.state === 'waiting' && prompt.outcome === 'wrong-reply' && { attemptsLeft: text.attemptsLeft }),
    expiresAt: prompt.expiresAt.toISOString(),
    againAt: (await againAt(paces, textsOfUserKey(prompt.userId), prompt)).toISOString(),
  }
}
