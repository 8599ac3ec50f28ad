import { timingSafeEqual } from 'node:crypto'
import type { Answer, Input } from '../../../contract/contract.ts'
import { findsActivation, readActivationCode } from '../../../protocols/activation-code.ts'
import { activationToSign, devicePublicKey, isSignedBy } from '../../../protocols/device-signature.ts'
import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../../delivery/notices.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { From } from '../../gate.ts'
import type { Clock, Facts, Random, Write } from '../../ports.ts'
import type { SessionStore, SignInStore } from '../../sessions/session.ts'
import { addressKey, paces, type ThrottleStore } from '../../throttle/throttle.ts'
import { isAllowed, type User, type UserStore } from '../../users/user.ts'
import type { TokenStore } from '../oath/token.ts'
import { accountOf } from './account.ts'
import {
  type Activation,
  type ActivationStore,
  activationPlace,
  type Device,
  type DeviceStore,
  deviceName,
  oneLine,
} from './device.ts'
import type { PushPorts } from './push.ts'
import { addSeed, newSeed, type Seed, sealedSeed, shownSeed } from './seed.ts'

type Stores = {
  users: UserStore
  signIns: SignInStore
  sessions: SessionStore
  devices: DeviceStore
  activations: ActivationStore
  tokens: TokenStore
  throttle: ThrottleStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type ActivateNeeds = {
  write: Write<Stores>
  activations: ActivationStore
  push: PushPorts
  notices: NoticeNeeds
  clock: Clock
  random: Random
}

const refused = { ok: false, refusal: 'activation.refused' } as const
const tooMany = { ok: false, refusal: 'device.too-many' } as const
const malformed = { ok: false, refusal: 'input.malformed' } as const

type Act = { input: Input<'activateDevice'>; from: From; now: Date }
type Found = { activation: Activation; user: User }

/**
 * Puts a device on the account whose code it brings. The try is spent before the code is looked at, and the code by one
 * conditional update: of any number of devices that bring it at once, one is activated.
 */
export async function activateDevice(
  needs: ActivateNeeds,
  input: Input<'activateDevice'>,
  from: From,
): Promise<Answer<'activateDevice'>> {
  const key = devicePublicKey(input.publicKey)
  if (!key || !isSignedBy(key, activationToSign(input), input.proof)) return malformed

  const act: Act = { input, from, now: needs.clock.now() }
  const code = readActivationCode(input.code)
  const offered = code === undefined ? undefined : await needs.activations.findOpen(findsActivation(code), act.now)
  return needs.write(async (stores) => {
    const pace = `activations-from:${addressKey(from.address)}`
    const until = await stores.throttle.spend(pace, paces.activationsFrom, act.now)
    if (until) {
      await stores.audit.write(eventOf('activation.wait', act))
      return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }
    }
    // The user first, then what is the user's: the order of all who take both.
    const user = offered && (await stores.users.hold(offered.userId))
    const activation = user && (await stores.activations.spendAttempt(offered.id, act.now))
    const isIt = activation && code && isCode(needs, activation, code) && (await isOpen(stores, activation, user, act))
    if (!isIt) {
      const facts = activation ? { activation: activation.id } : undefined
      await stores.audit.write(eventOf('activation.refused', act, facts, user))
      return refused
    }
    await stores.throttle.refund(pace)
    return register(needs, stores, { activation, user }, act)
  })
}

function isCode({ notices }: ActivateNeeds, { id, sealedCode }: Activation, code: string): boolean {
  const right = Buffer.from(notices.sealing.open(sealedCode, activationPlace(id)))
  const given = Buffer.from(code)
  return right.length === given.length && timingSafeEqual(right, given)
}

/** Whoever made the code is still signed in, or in User Setup: what ends that ends the code. */
async function isOpen(
  { signIns, sessions }: Stores,
  { setup, transactionId }: Activation,
  user: User,
  { now }: Act,
): Promise<boolean> {
  if (!isAllowed(user, now)) return false
  if (!setup) return sessions.isOpen(transactionId, now)
  return user.method === undefined && (await signIns.isOpen(transactionId, now))
}

async function register(
  needs: ActivateNeeds,
  stores: Stores,
  { activation, user }: Found,
  act: Act,
): Promise<Answer<'activateDevice'>> {
  const { notices, random, push } = needs
  const { now } = act
  const most = notices.settings.current()['portal.app_devices']
  const own = await stores.devices.listOf(user.id)
  const replaced = own.find(({ id }) => id === activation.replaces)
  if (own.length - (replaced ? 1 : 0) >= most) return tooMany

  const id = notices.ids.next()
  const seed = newSeed(random, notices.settings.current())
  if (replaced) await replace(needs, stores, { replaced, user }, act)
  if (activation.setup) await stores.devices.removeUnsettled(user.id)
  const device = deviceFrom(needs, { activation, user }, act, { id, seed })
  if (!(await stores.devices.insert(device, most))) throw new Error('the user is held, so the count stays')
  if (!activation.setup) await addSeed(notices, stores.tokens, device, seed, now)
  if (!(await stores.activations.use(activation.id, id, now))) throw new Error('the activation is held too')

  const what = activation.setup ? 'device.activated' : 'device.added'
  await stores.audit.write(eventOf(what, act, { device: id, activation: activation.id }, user))
  const { address } = act.from
  if (!activation.setup) await tellOf(notices, stores.deliveries, user, { kind: 'device-added', address }, now)
  return {
    ok: true,
    value: {
      outcome: 'activated',
      device: { id, name: device.name },
      account: accountOf(user, notices.settings.current()),
      oath: shownSeed(seed),
      pushKey: push.publicKey,
      at: now.toISOString(),
    },
  }
}

function deviceFrom(
  { push, notices }: ActivateNeeds,
  { activation, user }: Found,
  { input, now }: Act,
  { id, seed }: { id: string; seed: Seed },
): Device {
  return {
    id,
    userId: user.id,
    setupId: activation.setup ? activation.transactionId : undefined,
    name: deviceName(input.name),
    platform: oneLine(input.platform),
    publicKey: input.publicKey,
    sealedPush: input.push && push.seal(id, input.push),
    sealedSeed: activation.setup ? sealedSeed(notices.sealing, seed, id) : undefined,
    signedAt: 0,
    addedAt: now,
    seenAt: now,
    usedAt: undefined,
  }
}

async function replace(
  { notices }: ActivateNeeds,
  { devices, tokens, deliveries, audit }: Stores,
  { replaced, user }: { replaced: Device; user: User },
  act: Act,
): Promise<void> {
  await devices.remove(user.id, replaced.id)
  await tokens.removeDevice(replaced.id)
  await audit.write(eventOf('device.replaced', act, { device: replaced.id }, user))
  await tellOf(notices, deliveries, user, { kind: 'device-removed', address: act.from.address }, act.now)
}

function eventOf(what: EventName, { from, now }: Act, facts?: Facts, user?: User) {
  const { address, userAgent } = from
  return { what, at: now, userId: user?.id, address, userAgent, facts }
}
