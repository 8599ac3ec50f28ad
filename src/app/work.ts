import { createDispatcher, type Dispatcher } from '../core/delivery/dispatcher.ts'
import { pushSender } from '../core/methods/app/push.ts'
import type { PushKeys } from '../core/methods/app/push-keys.ts'
import { callSenders } from '../core/methods/call/dial.ts'
import type { Write } from '../core/ports.ts'
import type { Keyring } from '../core/secrets/keyring.ts'
import type { SettingsSource } from '../core/settings/settings.ts'
import { createSyncSchedule } from '../core/sync/schedule.ts'
import { deliveryStore } from '../storage/delivery-store.ts'
import type { EngineNeeds } from './engine.ts'
import type { Stores } from './stores.ts'
import { syncOf } from './sync.ts'
import { startUpkeep } from './upkeep.ts'

type Heart = { sealing: Keyring; settings: SettingsSource; write: Write<Stores>; read: Stores; pushKeys: PushKeys }
type Workers = { nudge(): void; close(): Promise<void> }
export const idle: Workers = { nudge() {}, async close() {} }

/** Other nodes add keys; each must know a new one before it seals (SETTLING_MS). */
const RELOAD_KEYS_MS = 20_000

/** What goes on between the calls: texts are sent, the audit log is sealed, what is over is deleted. */
export function startWork(
  needs: EngineNeeds,
  { sealing: keyring, settings, write, read, pushKeys: keys }: Heart,
): Workers {
  const { database, clock, log, ids, onTextOutcome, onCircuit, lookMs, toWriteMs } = needs
  const { calls, prompts } = read
  const call = callSenders(needs.callers ?? [], { calls, prompts, write, settings, clock, log })
  const { pushService: service } = needs
  const pushing = { keys, devices: read.devices, prompts, sealing: keyring, write, clock }
  const push = service ? [pushSender({ service, ...pushing })] : []
  const senders = { text: needs.senders ?? [], call, push }
  const store = deliveryStore(database)
  const sending = { store, keyring, clock, log, onOutcome: onTextOutcome, onCircuit }
  const dispatcher = createDispatcher({ ...sending, senders }, { pollMs: lookMs, toWriteMs })
  const mailer = mailDispatcher(needs, sending)
  const upkeep = startUpkeep({ database, keyring, clock, log, ids })
  const sync = syncOf(needs, { sealing: keyring, settings, write, read })
  const schedule = createSyncSchedule({ ...sync, log })
  const reload = setInterval(() => {
    keyring.reload().catch((error) => log.error('The keys could not be read again', {}, error))
  }, RELOAD_KEYS_MS)
  return {
    nudge: dispatcher.nudge,
    async close() {
      clearInterval(reload)
      await Promise.all([dispatcher.close(), mailer?.close(), schedule.close()])
      await upkeep.close()
    },
  }
}

/** On its own: a mail server may take a minute for each, and a code must not wait behind that. */
function mailDispatcher(
  { mail, lookMs, toWriteMs }: EngineNeeds,
  sending: Omit<Parameters<typeof createDispatcher>[0], 'senders'>,
): Dispatcher | undefined {
  if (!mail || mail.senders.length === 0) return undefined
  return createDispatcher({ ...sending, senders: { mail: mail.senders } }, { most: 4, pollMs: lookMs, toWriteMs })
}
