import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import { type ModedMethod, modes } from '../policy/modes.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { type User, type UserStore, usernameKey } from '../users/user.ts'
import { choosePin, type PinStore } from './pin.ts'
import { phonesOf, pinPolicyOf } from './policy.ts'

type Stores = {
  users: UserStore
  pins: PinStore
  sessions: SessionStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type OperatePinNeeds = {
  write: Write<Stores>
  users: UserStore
  pins: PinStore
  hasher: PasswordHasher
  sealing: Sealing
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
}

const unknown = { ok: false, refusal: 'user.unknown' } as const
const done = { ok: true, value: { outcome: 'done' } } as const

/** By the rules that hold for people too. What is open ends: it may have been opened by whoever knew the PIN before. */
export async function setPin(
  needs: OperatePinNeeds,
  { username, pin: typed, mustChange }: Input<'setPin'>,
): Promise<Answer<'setPin'>> {
  const { write, settings, clock } = needs
  const user = await find(needs, username)
  if (!user) return unknown

  const policy = pinPolicyOf(settings.current())
  const about = { userId: user.id, phones: phonesOf(user), policy, mustChange }
  let made: string | undefined
  let chosen: Awaited<ReturnType<typeof choosePin>>
  do {
    made = typed === undefined ? digitsOf(needs.random, Math.max(policy.minLength, MADE_LENGTH)) : undefined
    chosen = await choosePin(needs, { ...about, typed: typed ?? made ?? '' })
  } while (!chosen.ok && made !== undefined)
  if (!chosen.ok) return { ok: true, value: { outcome: 'refused', problems: chosen.problems } }

  const { pin } = chosen
  await write(async ({ pins, sessions, deliveries, audit }) => {
    const now = clock.now()
    await pins.replace(pin, { was: 'any', keep: policy.history })
    await sessions.endAllOf(user.id, now)
    await audit.write({ what: 'user.pin-set', at: now, userId: user.id, facts: { mustChange } })
    await tellOf(needs.notices, deliveries, user, { kind: 'pin' }, now)
  })
  return { ok: true, value: { outcome: 'set', made } }
}

/** NIST SP 800-63B section 3.1.1.2: what is made by chance has 6 digits at least. */
const MADE_LENGTH = 6

function digitsOf(random: Random, length: number): string {
  return Array.from({ length }, () => random.below(10)).join('')
}

export async function removePin(
  needs: OperatePinNeeds,
  { username }: Input<'removePin'>,
): Promise<Answer<'removePin'>> {
  const user = await find(needs, username)
  if (!user) return unknown
  await needs.write(async ({ pins, sessions, deliveries, audit }) => {
    if (!(await pins.removeOf(user.id))) return
    const now = needs.clock.now()
    // Whoever knew it may wait for the choice of the next one.
    await sessions.endAllOf(user.id, now)
    await audit.write({ what: 'user.pin-removed', at: now, userId: user.id })
    await tellOf(needs.notices, deliveries, user, { kind: 'pin-removed' }, now)
  })
  return done
}

export async function setMode(
  needs: OperatePinNeeds,
  { username, method, mode }: Input<'setMode'>,
): Promise<Answer<'setMode'>> {
  const user = await find(needs, username)
  if (!user) return unknown
  if (mode !== undefined && !isModeOf(method, mode)) return { ok: false, refusal: 'mode.unknown' }
  await needs.write(async ({ users, audit }) => {
    await users.setMode(user.id, method, mode)
    await audit.write({ what: 'user.mode-set', at: needs.clock.now(), userId: user.id, facts: { method, mode } })
  })
  return done
}

function isModeOf<M extends ModedMethod>(method: M, mode: string): mode is (typeof modes)[M][number] {
  return (modes[method] as readonly string[]).includes(mode)
}

async function find({ users }: OperatePinNeeds, username: string): Promise<User | undefined> {
  const key = usernameKey(username)
  return key === undefined ? undefined : users.findByKey(key)
}
