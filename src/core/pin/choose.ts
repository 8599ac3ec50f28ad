import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import { SetupOver, unlessOver } from '../enrolment/finish.ts'
import type { Choosing, From, Pending, SignedIn } from '../gate.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import { inBeats } from '../second-step/beats.ts'
import { limitsOf } from '../second-step/limits.ts'
import { lockOf } from '../second-step/lock.ts'
import { afterMiss } from '../second-step/missed.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { letIn } from '../sessions/let-in.ts'
import type { SessionStore, SignInStore } from '../sessions/session.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { KnownAddressStore } from '../sign-in/known-address.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'
import { choosePin, type Pin, type PinStore, pinState, type Was } from './pin.ts'
import { phonesOf, pinPolicyOf } from './policy.ts'
import { provePin } from './proof.ts'
import { type PinProblem, pinProblems } from './rules.ts'

type Stores = {
  users: UserStore
  pins: PinStore
  signIns: SignInStore
  sessions: SessionStore
  known: KnownAddressStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type OwnPinNeeds = {
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
type Chooser = (Pending & { level: 'setting up' }) | Choosing | SignedIn
type Chosen = Answer<'choosePin'>
type Choice = { who: Chooser; user: User; typed: string; from: From }

export async function readPin({ users, pins, settings, clock }: OwnPinNeeds, who: Chooser): Promise<Answer<'readPin'>> {
  const user = await users.find(who.userId)
  if (!user) return { ok: false, refusal: 'caller.refused' }
  const pin = await pins.findOf(user.id)
  const policy = pinPolicyOf(settings.current())
  return {
    ok: true,
    value: {
      displayName: nameOf(user),
      state: pinState(pin, policy.expiryDays, clock.now()),
      setAt: pin?.setAt.toISOString(),
      asksOld: who.level === 'signed in' && pin !== undefined,
      minLength: policy.minLength,
      refusesWeak: policy.refuseWeak,
    },
  }
}

/**
 * The person's own choice. What can be said of the new PIN by itself is said first, and costs nothing; whether it was used
 * before is told only to whoever has proven the old one, since it tells what that is.
 */
export async function chooseOwnPin(
  needs: OwnPinNeeds,
  who: Chooser,
  { pin: typed, old }: Input<'choosePin'>,
  from: From,
): Promise<Chosen> {
  const { users, pins, settings, clock } = needs
  const user = await users.find(who.userId)
  if (!user) return { ok: false, refusal: 'caller.refused' }
  const present = await pins.findOf(user.id)
  const policy = pinPolicyOf(settings.current())
  if (present && who.level === 'setting up') return { ok: false, refusal: 'pin.set' }
  // Chosen in another window since: this sign-in has not proven that one.
  if (who.level === 'choosing a PIN' && pinState(present, policy.expiryDays, clock.now()) === 'good') return gone

  const problems = pinProblems(typed, policy, phonesOf(user))
  if (problems.length > 0) return refused(problems)
  const choice = { who, user, typed, from }
  return present && who.level === 'signed in'
    ? changeWith(needs, choice, old)
    : take(needs, choice, present ? { id: present.id } : 'none')
}

/** Without the old one: there is none, or it was proven as part of the second step just given. */
async function take(needs: OwnPinNeeds, choice: Choice, was: Was): Promise<Chosen> {
  const made = await makePin(needs, choice)
  if (!made.ok) return refused(made.problems)
  return unlessOver(() => needs.write((stores) => keep(needs, stores, choice, { pin: made.pin, was })))
}

/** The old one is a secret of the second step: its try is spent before it is looked at, from the same budget. */
function changeWith(needs: OwnPinNeeds, choice: Choice, old: string): Promise<Chosen> {
  const { write, settings, clock } = needs
  const { user, who, from } = choice
  return inBeats(write, {
    async spend({ users, audit }): Promise<{ spent: User } | { end: Chosen }> {
      const now = clock.now()
      const spent = await users.spendAnswer(user.id, limitsOf(settings.current()), now)
      if (spent) {
        await audit.write(eventOf('second-step.tried', who, from, now))
        return { spent }
      }
      await audit.write(eventOf('second-step.refused', who, from, now))
      const found = await users.find(user.id)
      const locked = found && lockOf(found, settings.current()['lock.budget'], now)
      return { end: { ok: true, value: { outcome: 'locked', ...locked } } }
    },
    async work() {
      const proven = await provePin(needs, user.id, old)
      return proven && { proven, made: await makePin(needs, choice) }
    },
    async conclude(stores, spent, found): Promise<Chosen> {
      const now = clock.now()
      if (!found) {
        await stores.audit.write(eventOf('pin.wrong', who, from, now))
        const missed = await afterMiss(needs, stores, spent, eventOf('second-step.locked', who, from, now))
        return { ok: true, value: missed }
      }
      // This one comes back; the budget is not begun anew by what is no second step.
      await stores.users.returnAnswer(user.id, limitsOf(settings.current()))
      const { proven, made } = found
      return made.ok ? keep(needs, stores, choice, { pin: made.pin, was: { id: proven } }) : refused(made.problems)
    },
  })
}

type Made = Awaited<ReturnType<typeof choosePin>>

/** Never the same again, whatever the history: a change that changes nothing is none. */
function makePin(needs: OwnPinNeeds, { user, typed }: Choice): Promise<Made> {
  const policy = pinPolicyOf(needs.settings.current())
  const asked = { userId: user.id, typed, phones: phonesOf(user), mustChange: false }
  return choosePin(needs, { ...asked, policy: { ...policy, history: Math.max(policy.history, 1) } })
}

async function keep(
  needs: OwnPinNeeds,
  stores: Stores,
  { who, user, from }: Choice,
  { pin, was }: { pin: Pin; was: Was },
): Promise<Chosen> {
  const now = needs.clock.now()
  if (!(await stores.pins.replace(pin, { was, keep: needs.settings.current()['pin.history'] }))) return gone
  await stores.audit.write(eventOf('pin.chosen', who, from, now))
  await tellOf(needs.notices, stores.deliveries, user, { kind: 'pin', address: from.address }, now)
  if (who.level !== 'choosing a PIN') return { ok: true, value: { outcome: 'chosen' } }

  const session = await letIn(needs, stores, { user, signInId: who.signInId, from, now, fallback: who.fallback })
  if (!session) throw new SetupOver()
  await stores.audit.write(eventOf('second-step.passed', who, from, now))
  return { ok: true, value: { outcome: 'chosen', session } }
}

const gone = { ok: true, value: { outcome: 'gone' } } as const

function refused(problems: PinProblem[]): Chosen {
  return { ok: true, value: { outcome: 'refused', problems } }
}

function eventOf(what: EventName, { userId }: Chooser, { address, userAgent }: From, at: Date) {
  return { what, at, userId, address, userAgent }
}
