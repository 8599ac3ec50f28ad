import { type DeliveryQueue, deliveryPlace } from '../../delivery/queue.ts'
import type { Ids } from '../../ports.ts'
import type { SeenPrompt } from '../../prompts/prompt.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import type { CallStore, Leg } from './call.ts'
import { beginCall, type CallMode, type CallSetup } from './dialogue.ts'

export type RingNeeds = { sealing: Sealing; settings: SettingsSource; ids: Ids }
type Stores = { calls: CallStore; deliveries: DeliveryQueue }
type Ring = {
  prompt: Pick<SeenPrompt, 'id' | 'userId' | 'purpose' | 'mode' | 'expiresAt'>
  leg: Leg
  phone: string
  extension: string | undefined
  language: string
  now: Date
}

/** What a caller is given to place a call: the body of its delivery. */
export type Dial = { callId: string; language: string; extension?: string | undefined }

/** Puts a call on its way, in the unit of work that wants it. Nudge the dispatcher after the commit. */
export async function ring(
  { sealing, settings, ids }: RingNeeds,
  { calls, deliveries }: Stores,
  { prompt, leg, phone, extension, language, now }: Ring,
): Promise<void> {
  const id = ids.next()
  const deliveryId = ids.next()
  const current = settings.current()
  const setup: CallSetup = {
    mode: prompt.mode as CallMode,
    language,
    company: current['company.name'],
    extension,
    fraudCode: current['call.fraud_code'],
    // Who is called by mistake, or to be annoyed, has no say over somebody's account.
    fraudBlocks: prompt.purpose === 'second-step' && current['call.fraud_blocks'],
    tries: current['call.tries'],
  }
  const about = { id, promptId: prompt.id, userId: prompt.userId, leg, phone, extension, deliveryId }
  await calls.insert({ ...about, state: beginCall(setup), createdAt: now })
  const dial: Dial = { callId: id, language, extension }
  await deliveries.enqueue({
    id: deliveryId,
    kind: 'call',
    to: phone,
    sealedBody: sealing.seal(JSON.stringify(dial), deliveryPlace(deliveryId)),
    deadline: prompt.expiresAt,
    createdAt: now,
  })
}
