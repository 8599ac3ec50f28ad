import type { Answer, Input } from '../../../contract/contract.ts'
import { takeOff } from '../../accounts/devices.ts'
import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import type { From } from '../../gate.ts'
import type { Write } from '../../ports.ts'
import type { UserStore } from '../../users/user.ts'
import { accountOf, shownDevice } from './account.ts'
import { type DeviceStore, deviceName } from './device.ts'
import type { PushPorts } from './push.ts'
import type { DeviceWho } from './who.ts'

type Leaving = Parameters<typeof takeOff>
type Stores = Leaving[1]
export type DeviceNeeds = Leaving[0] & {
  write: Write<Stores>
  users: UserStore
  devices: DeviceStore
  push: PushPorts
}

const replayed = { ok: false, refusal: 'request.replayed' } as const
const stranger = { ok: false, refusal: 'caller.refused' } as const

/** What a device asks to know whether it is on the account still. */
export async function readDevice(
  { users, devices, settings, push, clock }: DeviceNeeds,
  who: DeviceWho,
): Promise<Answer<'readDevice'>> {
  const device = await devices.find(who.deviceId)
  const user = await users.find(who.userId)
  if (!device || !user) return stranger
  return {
    ok: true,
    value: {
      device: shownDevice(device),
      account: accountOf(user, settings.current()),
      state: device.setupId === undefined ? 'active' : 'setting-up',
      pushKey: push.publicKey,
      at: clock.now().toISOString(),
    },
  }
}

export async function setDevicePush(
  { write, push, clock }: DeviceNeeds,
  who: DeviceWho,
  { subscription }: Input<'setDevicePush'>,
  from: From,
): Promise<Answer<'setDevicePush'>> {
  const sealed = subscription ? push.seal(who.deviceId, subscription) : undefined
  if (subscription && sealed === undefined) return { ok: true, value: { outcome: 'unsupported' } }
  return write(async ({ devices, audit }) => {
    if (!(await devices.spendTime(who.deviceId, who.signedAt))) return replayed
    await devices.setPush(who.deviceId, sealed)
    await record(audit, 'device.push-set', who, from, clock.now())
    return { ok: true, value: { outcome: 'done' } }
  })
}

export async function nameDevice(
  { write, clock }: DeviceNeeds,
  who: DeviceWho,
  input: Input<'nameDevice'>,
  from: From,
): Promise<Answer<'nameDevice'>> {
  const name = deviceName(input.name)
  return write(async ({ devices, audit }) => {
    if (!(await devices.spendTime(who.deviceId, who.signedAt))) return replayed
    await devices.rename(who.userId, who.deviceId, name)
    await record(audit, 'device.renamed', who, from, clock.now())
    return { ok: true, value: { name } }
  })
}

/** A device of a User Setup that is not finished just goes. */
export async function leaveAccount(needs: DeviceNeeds, who: DeviceWho, from: From): Promise<Answer<'leaveAccount'>> {
  return needs.write(async (stores) => {
    const user = await stores.users.hold(who.userId)
    const device = user && (await stores.devices.find(who.deviceId))
    if (!user || !device) return stranger
    if (!(await stores.devices.spendTime(device.id, who.signedAt))) return replayed
    if (device.setupId !== undefined) {
      await stores.devices.remove(user.id, device.id)
      await record(stores.audit, 'device.removed', who, from, needs.clock.now())
      return { ok: true, value: { outcome: 'done' } }
    }
    const left = await takeOff(needs, stores, { user, id: device.id, from, byItself: true })
    if (left.ok) return left
    return left.refusal === 'way-in.last' ? { ok: false, refusal: 'way-in.last' } : stranger
  })
}

function record(audit: AuditLog, what: EventName, { userId, deviceId }: DeviceWho, from: From, at: Date) {
  const { address, userAgent } = from
  return audit.write({ what, at, userId, address, userAgent, facts: { device: deviceId } })
}
