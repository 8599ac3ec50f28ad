import type { z } from 'zod'
import type { Answer, Input } from '../../contract/contract.ts'
import type { AppPrompt } from '../../contract/shapes.ts'
import { activationCode, findsActivation, groupedActivationCode } from '../../protocols/activation-code.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { From } from '../gate.ts'
import { type Activation, type ActivationStore, activationPlace, type DeviceStore } from '../methods/app/device.ts'
import type { PinStore } from '../pin/pin.ts'
import { owesPin, pinMissing } from '../pin/wanted.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import { stampOf } from '../second-step/view.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'

export type ActivationNeeds = {
  write: Write<{ activations: ActivationStore; audit: AuditLog }>
  users: UserStore
  devices: DeviceStore
  activations: ActivationStore
  pins: Pick<PinStore, 'findOf'>
  /** How far the proof of the device of a User Setup is. */
  viewProof(asker: Asker, now: Date): Promise<z.input<typeof AppPrompt> | undefined>
  /** Where the app is, with a slash at the end; asked at each use. Undefined where no address is configured. */
  appUrl(): string | undefined
  notices: NoticeNeeds
  clock: Clock
  random: Random
}

/** As many as one mistypes; each has one in 2^40. */
const TRIES = 5

/** A new code at each call; the one before it of this session is dead, used or not. */
export async function offerActivation(
  needs: ActivationNeeds,
  asker: Asker,
  { replaces }: Input<'offerActivation'>,
  from: From,
): Promise<Answer<'offerActivation'>> {
  const { write, users, devices, pins, notices, clock } = needs
  const settings = notices.settings.current()
  const user = await users.find(asker.userId)
  if (!user || !mayActivate(asker, user, settings)) return { ok: false, refusal: 'method.unavailable' }
  if (asker.setup && (await owesPin({ pins, settings }, user, 'app'))) return pinMissing
  const own = await devices.listOf(user.id)
  if (replaces !== undefined && !own.some(({ id }) => id === replaces)) return { ok: false, refusal: 'device.unknown' }
  if (own.length - (replaces === undefined ? 0 : 1) >= settings['portal.app_devices'])
    return { ok: false, refusal: 'device.too-many' }

  const asked: Asked = { asker, from, now: clock.now() }
  // A finder that another code has is drawn anew: there are a million of them.
  for (;;) {
    const activation = newActivation(needs, asked, replaces)
    const made = await write(async ({ activations, audit }) => {
      if (!(await activations.offer(activation))) return false
      await audit.write(eventOf('activation.offered', asked))
      return true
    })
    if (made) return { ok: true, value: { outcome: 'offered' } }
  }
}

/** In User Setup as the settings offer it; on the account also to whoever has it as the method. */
function mayActivate({ setup }: Asker, user: User, settings: Parameters<typeof offered>[0]): boolean {
  return offered(settings, user).includes('app') || (!setup && user.method === 'app' && settings['portal.allow_app'])
}

function newActivation(
  { notices, random }: ActivationNeeds,
  { asker, now }: Asked,
  replaces: string | undefined,
): Activation {
  const id = notices.ids.next()
  const code = activationCode((end) => random.below(end))
  const minutes = notices.settings.current()['app.activation_minutes']
  return {
    id,
    finder: findsActivation(code),
    userId: asker.userId,
    transactionId: asker.transactionId,
    setup: asker.setup,
    sealedCode: notices.sealing.seal(code, activationPlace(id)),
    attemptsLeft: TRIES,
    replaces,
    expiresAt: new Date(now.getTime() + minutes * 60_000),
    deviceId: undefined,
  }
}

export async function readActivation(needs: ActivationNeeds, asker: Asker): Promise<Answer<'readActivation'>> {
  const { users, activations, clock } = needs
  const now = clock.now()
  const user = await users.find(asker.userId)
  const found = await activations.find(asker.transactionId)
  const activation = found && (await shown(needs, found, now))
  const proof = asker.setup ? await needs.viewProof(asker, now) : undefined
  const view = { activation, proof }
  return { ok: true, value: { displayName: user ? nameOf(user) : '', ...view, stamp: stampOf(view) } }
}

async function shown({ devices, notices, appUrl }: ActivationNeeds, activation: Activation, now: Date) {
  const { id, deviceId, sealedCode, attemptsLeft } = activation
  const expiresAt = activation.expiresAt.toISOString()
  if (deviceId !== undefined) {
    const device = await devices.find(deviceId)
    return { state: 'used' as const, expiresAt, device: device && { id: device.id, name: device.name } }
  }
  if (activation.expiresAt <= now || attemptsLeft === 0) return { state: 'over' as const, expiresAt }
  const code = Buffer.from(notices.sealing.open(sealedCode, activationPlace(id))).toString()
  return { state: 'waiting' as const, expiresAt, code: groupedActivationCode(code), url: appUrl() }
}
