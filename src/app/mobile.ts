import type { NoticeNeeds } from '../core/delivery/notices.ts'
import { viewAppProof } from '../core/enrolment/app.ts'
import type { Asker } from '../core/enrolment/asker.ts'
import type { HandlerNeeds } from '../core/handlers.ts'
import { type PushService, pushPorts } from '../core/methods/app/push.ts'
import type { PushKeys } from '../core/methods/app/push-keys.ts'
import { appStarter } from '../core/methods/app/start.ts'
import type { RelyingPartySource } from '../core/methods/passkey/relying-party.ts'
import type { ProvenPin } from '../core/pin/proof.ts'
import type { Clock, Ids, Log, Random, Write } from '../core/ports.ts'
import type { Starter } from '../core/prompts/start.ts'
import type { Sealing } from '../core/secrets/sealing.ts'
import type { SettingsSource } from '../core/settings/settings.ts'
import type { Stores } from './stores.ts'

type Needs = {
  write: Write<Stores>
  read: Stores
  sealing: Sealing
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
  log: Log
  nudge(): void
  sleep(ms: number): Promise<void>
  provePin(userId: string, digits: string): Promise<ProvenPin | undefined>
  notices: NoticeNeeds
  relyingParty: RelyingPartySource
  pushKeys: PushKeys
  pushService: PushService | undefined
  appUrl(): string | undefined
}

/** The mobile app's operations, and how its devices are asked. */
export function mobileApp(needs: Needs): { operations: HandlerNeeds['app']; starter: Starter } {
  const { write, read, sealing, settings, clock, random, ids, nudge, notices, relyingParty, appUrl } = needs
  const { users, devices, activations, prompts, asks } = read
  const push = pushPorts(sealing, needs.pushKeys, needs.pushService)
  const ask = { write, pins: read.pins, sealing, settings, clock, random, ids, nudge }
  const own = { write, users, devices, relyingParty, notices, settings, clock }
  const views = { prompts, asks, devices, paces: read.throttle }
  const operations = {
    activation: {
      ...{ write, users, devices, activations, pins: read.pins, appUrl, notices, clock, random },
      viewProof: (asker: Asker, now: Date) => viewAppProof(views, asker, now),
    },
    proof: { write, users, devices, ask, notices, settings, clock, random, ids },
    own,
    activate: { write, activations, push, notices, clock, random },
    device: { ...own, push },
    questions: { users, devices, prompts, asks, settings, clock },
    answer: { write, provePin: needs.provePin, notices, settings, clock, log: needs.log },
    waiting: { clock, sleep: needs.sleep },
  } satisfies HandlerNeeds['app']
  return { operations, starter: appStarter({ ...ask, devices }) }
}
