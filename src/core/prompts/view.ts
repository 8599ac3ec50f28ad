import type { z } from 'zod'
import type { PhoneCall } from '../../contract/shapes.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { CallStore, PlacedCall } from '../methods/call/call.ts'
import type { PaceReader } from '../throttle/throttle.ts'
import { maskedPhone } from '../users/phone.ts'
import { callsOfUserKey } from './paces.ts'
import type { PromptPurpose, PromptStore, SeenPrompt } from './prompt.ts'
import { againAt, standingOf } from './standing.ts'

export type CallViewNeeds = { prompts: PromptStore; calls: CallStore; deliveries: DeliveryQueue; paces: PaceReader }
type View = z.input<typeof PhoneCall>

/** The newest call of a sign-in or session, how far it is, and what came of it. Undefined: none, or it has been used. */
export async function viewCall(
  { prompts, calls, deliveries, paces }: CallViewNeeds,
  transactionId: string,
  purpose: PromptPurpose,
  now: Date,
): Promise<View | undefined> {
  const prompt = await prompts.newest(transactionId, purpose)
  const call = prompt && prompt.state !== 'used' ? await calls.newestOf(prompt.id) : undefined
  if (!prompt || !call) return undefined

  const progress = await deliveries.progressOf(call.deliveryId)
  return {
    maskedNumber: maskedPhone(call.phone),
    backup: purpose === 'second-step' && call.leg === 'backup',
    ...(prompt.mode === 'number' && prompt.state === 'open' && { number: prompt.number }),
    pin: prompt.mode === 'pin' && prompt.state === 'open',
    ...stateOf(prompt, call, progress, now),
    expiresAt: prompt.expiresAt.toISOString(),
    againAt: (await againAt(paces, callsOfUserKey(prompt.userId), prompt)).toISOString(),
  }
}

function stateOf(
  prompt: SeenPrompt,
  call: PlacedCall,
  progress: string | undefined,
  now: Date,
): Pick<View, 'state' | 'outcome'> {
  const stands = standingOf<NonNullable<View['outcome']>>(prompt, 'no-answer', now)
  if (stands.state !== 'waiting') return stands
  if (call.state.at !== 'ringing') return { state: 'answered' }
  if (progress === 'sent') return { state: 'ringing' }
  return { state: progress === 'queued' ? 'calling' : 'failing' }
}
