import type { Answer } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import type { CallStore, Leg } from '../methods/call/call.ts'
import { newNumber } from '../methods/call/number.ts'
import { type RingNeeds, ring } from '../methods/call/ring.ts'
import { modeOf } from '../policy/modes.ts'
import type { Clock, Random, Write } from '../ports.ts'
import { lockOf } from '../second-step/lock.ts'
import type { Transaction } from '../second-step/view.ts'
import { spendAll } from '../throttle/spend-all.ts'
import type { ThrottleStore } from '../throttle/throttle.ts'
import type { User, UserStore } from '../users/user.ts'
import { callBudgets } from './paces.ts'
import type { PromptPurpose, PromptStore } from './prompt.ts'

type Stores = {
  prompts: PromptStore
  calls: CallStore
  deliveries: DeliveryQueue
  throttle: ThrottleStore
  audit: AuditLog
}
export type StartNeeds = RingNeeds & {
  write: Write<Stores>
  users: UserStore
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
export type Started = { outcome: 'started' } | { outcome: 'wait'; until: Date }

/** Two phones that ring one after the other, and as much time at each as a slow talk takes. */
const TALK_SECONDS = 60

/** Opens the prompt and puts its call on its way, in one unit of work; what was asked of this person before is dead. */
export async function startCall(needs: StartNeeds, request: CallRequest): Promise<Started> {
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
    mode: modeOf('call', user.modes, current),
    phone,
    number: newNumber(random),
    createdAt: now,
    expiresAt: new Date(now.getTime() + 2 * (current['call.ring_seconds'] + TALK_SECONDS) * 1_000),
  } as const
  const language = user.language ?? from.language ?? current['company.language']

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

/** Calls the person's own phone, for the sign-in or session that asks. */
export async function startPrompt(
  needs: StartNeeds,
  transaction: Transaction,
  from: From,
): Promise<Answer<'startPrompt'>> {
  const { users, settings, clock, canCall } = needs
  const user = await users.find(transaction.userId)
  if (!canCall || user?.method !== 'call' || !user.phone) return { ok: false, refusal: 'method.unavailable' }

  const locked = lockOf(user, settings.current()['lock.budget'], clock.now())
  if (locked) return { ok: true, value: { outcome: 'locked', ...locked } }
  const { phone, phoneExtension: extension } = user
  const request = { user, transactionId: transaction.id, purpose: 'second-step', leg: 'primary', phone } as const
  const started = await startCall(needs, { ...request, extension, from })
  return { ok: true, value: started.outcome === 'wait' ? { ...started, until: started.until.toISOString() } : started }
}
