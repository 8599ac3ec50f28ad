import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import { type DeliveryQueue, deliveryPlace } from '../../delivery/queue.ts'
import type { From } from '../../gate.ts'
import { modeNow } from '../../pin/mode-now.ts'
import type { PinStore } from '../../pin/pin.ts'
import type { Modes } from '../../policy/modes.ts'
import type { Clock, Ids, Random, Write } from '../../ports.ts'
import { newNumber } from '../../prompts/number.ts'
import { promptBudgets } from '../../prompts/paces.ts'
import type { Prompt, PromptPurpose, PromptStore } from '../../prompts/prompt.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import { spendAll } from '../../throttle/spend-all.ts'
import type { ThrottleStore } from '../../throttle/throttle.ts'
import type { User } from '../../users/user.ts'
import type { AppAsk, AppAskStore, Device } from './device.ts'

type Stores = {
  prompts: PromptStore
  asks: AppAskStore
  deliveries: DeliveryQueue
  throttle: ThrottleStore
  audit: AuditLog
}
export type AskNeeds = {
  write: Write<Stores>
  pins: Pick<PinStore, 'findOf'>
  sealing: Sealing
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
  nudge(): void
}

export type AskRequest = {
  user: User
  transactionId: string
  purpose: AppAsk['purpose']
  /** Whom to wake up. Any device of the person may answer; the first answer counts. */
  devices: readonly Device[]
  from: From
}
export type AskStarted = { outcome: 'started' } | { outcome: 'wait'; until: Date }

/** What is in the queue for one device: that there is something to answer. What, it asks for itself. */
export type Wake = { deviceId: string; promptId: string }

/** Opens the prompt and wakes the devices, in one unit of work; what was asked of this person before is dead. */
export async function askDevices(needs: AskNeeds, request: AskRequest): Promise<AskStarted> {
  const { write, clock } = needs
  const { user, purpose, devices, from } = request
  const now = clock.now()
  // Whoever sets the app up has no PIN yet to give in it.
  const mode = purpose === 'app-proof' ? 'standard' : await modeNow(needs, 'app', user)
  const { prompt, ask } = promptFor(needs, request, mode, now)
  const started = await write(async (stores): Promise<AskStarted> => {
    const record = (what: EventName) => {
      const { address, userAgent } = from
      const facts = { method: 'app', prompt: prompt.id, devices: devices.length }
      return stores.audit.write({ what, at: now, userId: user.id, address, userAgent, facts })
    }
    const until = await spendAll(stores.throttle, promptBudgets(user.id), now)
    if (until) {
      await record('app.wait')
      return { outcome: 'wait', until }
    }
    await stores.prompts.open(prompt)
    await stores.asks.insert(ask)
    for (const device of devices) await wake(needs, stores, device, prompt)
    await record(purpose === 'app-proof' ? 'app.proof-asked' : 'app.asked')
    return { outcome: 'started' }
  })
  if (started.outcome === 'started') needs.nudge()
  return started
}

function promptFor(
  { settings, random, ids }: AskNeeds,
  { user, transactionId, purpose, from }: AskRequest,
  mode: Modes['app'],
  now: Date,
): { prompt: Prompt; ask: AppAsk } {
  const current = settings.current()
  const id = ids.next()
  const forPrompt: PromptPurpose = purpose === 'app-proof' ? 'app-proof' : 'second-step'
  return {
    prompt: {
      id,
      userId: user.id,
      transactionId,
      purpose: forPrompt,
      method: 'app',
      mode,
      phone: '',
      number: newNumber(random),
      createdAt: now,
      expiresAt: new Date(now.getTime() + current['app.seconds'] * 1_000),
    },
    ask: {
      promptId: id,
      challenge: Buffer.from(random.bytes(32)).toString('base64url'),
      wantsNumber: current['app.number_matching'],
      purpose,
      address: from.address,
      userAgent: from.userAgent,
      deviceId: undefined,
    },
  }
}

/** A device that cannot be woken up asks by itself, or is told over the connection that it holds. */
async function wake({ sealing, ids }: AskNeeds, { deliveries }: Stores, device: Device, prompt: Prompt): Promise<void> {
  if (device.sealedPush === undefined) return
  const id = ids.next()
  const body: Wake = { deviceId: device.id, promptId: prompt.id }
  await deliveries.enqueue({
    id,
    kind: 'push',
    to: device.id,
    sealedBody: sealing.seal(JSON.stringify(body), deliveryPlace(id)),
    deadline: prompt.expiresAt,
    createdAt: prompt.createdAt,
  })
}
