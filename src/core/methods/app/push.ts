import { createHash } from 'node:crypto'
import type { Input } from '../../../contract/contract.ts'
import type { Message, Sender } from '../../delivery/sender.ts'
import { AppError } from '../../errors.ts'
import type { Clock, Write } from '../../ports.ts'
import type { PromptStore } from '../../prompts/prompt.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Wake } from './ask.ts'
import { type DeviceStore, pushPlace } from './device.ts'
import type { PushKeys } from './push-keys.ts'

export type Subscription = NonNullable<Input<'setDevicePush'>['subscription']>

/** What a push service is given. `seconds`: how long it may keep the message for a device that cannot be reached (TTL). */
export type Push = {
  subscription: Subscription
  body: string
  keys: PushKeys
  seconds: number
  /** A newer message of the same topic takes the place of an older one that waits (RFC 8030 section 5.4). */
  topic: string
}

/**
 * The port for Web Push (RFC 8030, 8291, 8292). `gone`: the subscription has ended, for good. Throws AppError as a `Sender`
 * does.
 */
export interface PushService {
  readonly sendMs?: number | undefined
  /** Whether anything is ever sent there: an address comes from whoever has a device, and we are who calls it. */
  accepts(subscription: Subscription): boolean
  send(push: Push, signal: AbortSignal): Promise<'taken' | 'gone'>
}

/** What the core needs of Web Push where a device brings its subscription. */
export type PushPorts = {
  /** The applicationServerKey (RFC 8292 section 3.2), base64url. */
  publicKey: string
  /** Undefined for an address that nothing is ever sent to. */
  seal(deviceId: string, subscription: Subscription): string | undefined
}

export function pushPorts(sealing: Sealing, keys: PushKeys, service: PushService | undefined): PushPorts {
  return {
    publicKey: keys.publicKey,
    seal: (deviceId, subscription) =>
      service?.accepts(subscription) ? sealing.seal(JSON.stringify(subscription), pushPlace(deviceId)) : undefined,
  }
}

type Needs = {
  service: PushService
  keys: PushKeys
  devices: DeviceStore
  prompts: PromptStore
  sealing: Pick<Sealing, 'open'>
  write: Write<{ devices: DeviceStore }>
  clock: Clock
}

/** Wakes a device through the queue, as texts are sent. What is answered already, or of a device that is no more, is not sent. */
export function pushSender(needs: Needs): Sender {
  const { sendMs } = needs.service
  return { name: 'web-push', sendMs, send: (message, signal) => wake(needs, message, signal) }
}

async function wake({ service, keys, ...needs }: Needs, { body }: Message, signal: AbortSignal): Promise<void> {
  const { devices, prompts, sealing, write, clock } = needs
  const { deviceId, promptId } = JSON.parse(body) as Wake
  const device = await devices.find(deviceId)
  const prompt = device && (await prompts.find(promptId))
  if (!device?.sealedPush || prompt?.state !== 'open') return

  const subscription = JSON.parse(Buffer.from(sealing.open(device.sealedPush, pushPlace(deviceId))).toString())
  const seconds = Math.max(0, Math.ceil((prompt.expiresAt.getTime() - clock.now().getTime()) / 1_000))
  // Nothing of what is asked: whoever runs the push service could keep it, and the device asks for it signed.
  const told = JSON.stringify({ kind: 'prompt', prompt: promptId })
  const topic = createHash('sha256').update(device.userId).digest('base64url').slice(0, 32)
  const became = await service.send({ subscription, body: told, keys, seconds, topic }, signal)
  if (became === 'taken') return
  await write((stores) => stores.devices.setPush(deviceId, undefined))
  throw new AppError('delivery.refused', { detail: 'the subscription of the device has ended' })
}
