import type { Answer, Input } from '../../contract/contract.ts'
import type { FirstMethod } from '../../contract/shapes.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From, SignedIn } from '../gate.ts'
import { shownDevice } from '../methods/app/account.ts'
import { type DeviceStore, deviceName } from '../methods/app/device.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import type { PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import { holdingsOf } from '../policy/holdings.ts'
import { type Holdings, methodWithout, offered } from '../policy/ways.ts'
import type { Clock, Write } from '../ports.ts'
import type { Settings, SettingsSource } from '../settings/settings.ts'
import type { User, UserStore } from '../users/user.ts'

type Stores = {
  users: UserStore
  tokens: TokenStore
  passkeys: PasskeyStore
  devices: DeviceStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type OwnDeviceNeeds = {
  write: Write<Stores>
  users: UserStore
  devices: DeviceStore
  relyingParty: RelyingPartySource
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
}

const unknown = { ok: false, refusal: 'device.unknown' } as const
const done = { ok: true, value: { outcome: 'done' } } as const

/** The user is the session's, here and below: another person's device is not there. */
export async function listDevices(
  { users, devices, settings }: OwnDeviceNeeds,
  who: SignedIn,
): Promise<Answer<'listDevices'>> {
  const current = settings.current()
  const user = await users.find(who.userId)
  const own = await devices.listOf(who.userId)
  const most = current['portal.app_devices']
  const mayAdd = current['portal.allow_app'] && ((user && offered(current, user).includes('app')) || own.length > 0)
  return { ok: true, value: { devices: own.map(shownDevice), most, mayAdd } }
}

export async function renameDevice(
  { write, clock }: OwnDeviceNeeds,
  who: SignedIn,
  { id, name }: Input<'renameDevice'>,
  from: From,
): Promise<Answer<'renameDevice'>> {
  return write(async ({ devices, audit }) => {
    if (!(await devices.rename(who.userId, id, deviceName(name)))) return unknown
    await audit.write(eventOf('device.renamed', who.userId, id, from, clock.now()))
    return done
  })
}

export async function removeDevice(
  needs: OwnDeviceNeeds,
  who: SignedIn,
  { id }: Input<'removeDevice'>,
  from: From,
): Promise<Answer<'removeDevice'>> {
  return needs.write(async (stores) => {
    const user = await stores.users.hold(who.userId)
    return user ? takeOff(needs, stores, { user, id, from }) : unknown
  })
}

/** `byItself`: at the word of the device alone. */
type Leaving = { user: User; id: string; from: From; byItself?: true }

/**
 * Takes a device off, in the unit of work that holds its user. Refused where it would leave the person without any way in;
 * another way that stays becomes the method asked first. Not at the word of the device, though: whoever holds it has given no
 * second step, and could have a weaker one asked for.
 */
export async function takeOff(
  { relyingParty, settings, notices, clock }: Omit<OwnDeviceNeeds, 'write' | 'devices'>,
  stores: Stores,
  { user, id, from, byItself }: Leaving,
): Promise<Answer<'removeDevice'>> {
  const now = clock.now()
  const own = await stores.devices.listOf(user.id)
  if (!own.some((device) => device.id === id)) return unknown

  const others = (await stores.tokens.listOf(user.id)).filter(({ deviceId }) => deviceId !== id)
  const holdings = await holdingsOf({ ...stores, relyingParty }, user)
  const left = { ...holdings, app: own.length > 1, token: others.length > 0 }
  const method = methodWith(left, settings.current())
  if (!method || (byItself && method !== user.method)) return { ok: false, refusal: 'way-in.last' }

  await stores.devices.remove(user.id, id)
  // Its own codes go with it.
  await stores.tokens.removeDevice(id)
  if (method !== user.method) await stores.users.setMethod(user.id, method)
  await stores.audit.write(eventOf('device.removed', user.id, id, from, now))
  await tellOf(notices, stores.deliveries, user, { kind: 'device-removed', address: from.address }, now)
  return done
}

/** What is asked first with what is left; undefined where there is no way in. */
function methodWith(left: Holdings, settings: Settings): FirstMethod | undefined {
  if (left.method === 'app' && !left.app) return methodWithout('app', left, settings)
  if (left.method === 'oath' && !left.token) return methodWithout('oath', left, settings)
  return left.method
}

function eventOf(what: EventName, userId: string, device: string, { address, userAgent }: From, at: Date) {
  return { what, at, userId, address, userAgent, facts: { device } }
}
