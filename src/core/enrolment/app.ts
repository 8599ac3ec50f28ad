import type { Answer } from '../../contract/contract.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import { type AskNeeds, askDevices } from '../methods/app/ask.ts'
import type { AppAskStore, DeviceStore } from '../methods/app/device.ts'
import { addSeed, openSeed } from '../methods/app/seed.ts'
import { type AppViewNeeds, viewApp } from '../methods/app/view.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import type { PromptStore } from '../prompts/prompt.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { type FinishStores, finishSetup, SetupOver, unlessOver } from './finish.ts'

type Stores = FinishStores & {
  prompts: PromptStore
  asks: AppAskStore
  devices: DeviceStore
  tokens: TokenStore
  deliveries: DeliveryQueue
}
export type AppProofNeeds = {
  write: Write<Stores>
  users: UserStore
  devices: DeviceStore
  ask: AskNeeds
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
}

/** "Authenticate Me Now": the device that was just activated is asked, and no other. */
export async function startAppProof(needs: AppProofNeeds, asker: Asker, from: From): Promise<Answer<'startAppProof'>> {
  const { users, devices, settings } = needs
  const user = await users.find(asker.userId)
  if (!user || !offered(settings.current(), user).includes('app')) return { ok: false, refusal: 'method.unavailable' }
  const device = await devices.findOfSetup(asker.transactionId)
  if (!device) return { ok: true, value: { outcome: 'gone' } }

  const request = { user, transactionId: asker.transactionId, purpose: 'app-proof', devices: [device], from } as const
  const started = await askDevices(needs.ask, request)
  return { ok: true, value: started.outcome === 'wait' ? { ...started, until: started.until.toISOString() } : started }
}

/** The device approved: it counts from now on, and the person is signed in. */
export async function finishAppProof(
  needs: AppProofNeeds,
  asker: Asker,
  from: From,
): Promise<Answer<'finishAppProof'>> {
  const asked: Asked = { asker, from, now: needs.clock.now() }
  const { transactionId: signInId } = asker
  return unlessOver(() =>
    needs.write(async (stores) => {
      const user = await stores.users.hold(asker.userId)
      const prompt = user && (await stores.prompts.use(signInId, 'app-proof', asked.now))
      if (!user || prompt?.method !== 'app' || prompt.userId !== user.id) return gone
      const device = await stores.devices.findOfSetup(signInId)
      const ask = await stores.asks.find(prompt.id)
      // The device was removed, or another was activated in its place: what it approved is nothing.
      if (!device || ask?.deviceId !== device.id) throw new SetupOver()

      const seed = openSeed(needs.ask.sealing, device)
      await stores.devices.settle(signInId)
      if (seed) await addSeed(needs.ask, stores.tokens, device, seed, asked.now)
      await stores.audit.write({ ...eventOf('device.added', asked), facts: { setup: true, device: device.id } })
      const change = { kind: 'device-added', address: from.address } as const
      await tellOf(needs.notices, stores.deliveries, user, change, asked.now)
      const session = await finishSetup(needs, stores, { user, signInId, method: 'app', from, now: asked.now })
      return { ok: true, value: { outcome: 'proven', session } }
    }),
  )
}

const gone = { ok: true, value: { outcome: 'gone' } } as const

export function viewAppProof(needs: AppViewNeeds, { transactionId }: Asker, now: Date) {
  return viewApp(needs, transactionId, 'app-proof', now)
}
