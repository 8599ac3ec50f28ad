import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { From } from '../../gate.ts'
import { modeNow } from '../../pin/mode-now.ts'
import type { PinStore } from '../../pin/pin.ts'
import type { Clock, Random, Write } from '../../ports.ts'
import { newNumber } from '../../prompts/number.ts'
import { callBudgets } from '../../prompts/paces.ts'
import type { PromptPurpose, PromptStore } from '../../prompts/prompt.ts'
import type { Started, Starter } from '../../prompts/start.ts'
import { spendAll } from '../../throttle/spend-all.ts'
import type { ThrottleStore } from '../../throttle/throttle.ts'
import { languageFor } from '../../users/languages.ts'
import type { User } from '../../users/user.ts'
import type { CallStore, Leg } from './call.ts'
import { type RingNeeds, ring } from './ring.ts'

type Stores = {
  prompts: PromptStore
  calls: CallStore
  deliveries: DeliveryQueue
  throttle: ThrottleStore
  audit: AuditLog
}
export type StartCallNeeds = RingNeeds & {
  write: Write<Stores>
  pins: Pick<PinStore, 'findOf'>
  clock: Clock
  random: Random
  /** Whether anybody could place a call. */
  canCall: boolean
  nudge(): void
}

export type CallRequest = {
  user: User
  transactionId: string
  purpose: PromptPurpose
  leg: Leg
  phone: string
  extension: string | undefined
  from: From
}

/** Two phones that ring one after the other, and as much time at each as a slow talk takes. */
const TALK_SECONDS = 60

/** Opens the prompt and puts its call on its way, in one unit of work; what was asked of this person before is dead. */
export async function startCall(needs: StartCallNeeds, request: CallRequest): Promise<Started> {
  const { write, settings, clock, random, ids } = needs
  const { user, transactionId, purpose, leg, phone, extension, from } = request
  const current = settings.current()
  const now = clock.now()
  const prompt = {
    id: ids.next(),
    userId: user.id,
    transactionId,
    purpose,
    method: 'call',
    mode: await modeNow(needs, 'call', user),
    phone,
    number: newNumber(random),
    createdAt: now,
    expiresAt: new Date(now.getTime() + 2 * (current['call.ring_seconds'] + TALK_SECONDS) * 1_000),
  } as const
  const language = languageFor('call', user, current, from)

  const started = await write(async (stores): Promise<Started> => {
    const record = (what: EventName) => {
      const { address, userAgent } = from
      const facts = { method: 'call', prompt: prompt.id, phone: leg }
      return stores.audit.write({ what, at: now, userId: user.id, address, userAgent, facts })
    }
    const until = await spendAll(stores.throttle, callBudgets({ userId: user.id, phone, purpose }), now)
    if (until) {
      await record('call.wait')
      return { outcome: 'wait', until }
    }
    await stores.prompts.open(prompt)
    await ring(needs, stores, { prompt, leg, phone, extension, language, now })
    await record(purpose === 'phone-proof' ? 'phone.proof-asked' : 'call.asked')
    return { outcome: 'started' }
  })
  if (started.outcome === 'started') needs.nudge()
  return started
}

/** Calls the person's own phone. */
export function callStarter(needs: StartCallNeeds): Starter {
  return async ({ user, transactionId, from }) => {
    const { phone, phoneExtension: extension } = user
    if (!needs.canCall || !phone) return undefined
    const about = { user, transactionId, purpose: 'second-step', leg: 'primary' } as const
    return startCall(needs, { ...about, phone, extension, from })
  }
}
