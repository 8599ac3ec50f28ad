import { type Language, languages } from '../../contract/languages.ts'
import type { FirstMethod } from '../../contract/shapes.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { From } from '../gate.ts'
import type { PinStore } from '../pin/pin.ts'
import { owesPin } from '../pin/wanted.ts'
import type { Ids, Random } from '../ports.ts'
import { openSession } from '../sessions/open.ts'
import type { SessionStore, SignInStore } from '../sessions/session.ts'
import { newToken } from '../sessions/tokens.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { KnownAddressStore } from '../sign-in/known-address.ts'
import { addressKey } from '../throttle/throttle.ts'
import type { User, UserStore } from '../users/user.ts'

export type FinishStores = {
  users: UserStore
  signIns: SignInStore
  sessions: SessionStore
  known: KnownAddressStore
  pins: Pick<PinStore, 'findOf'>
  audit: AuditLog
}
type Needs = { settings: SettingsSource; random: Random; ids: Ids }
type Finish = { user: User; signInId: string; method: FirstMethod; from: From; now: Date }

/** The set-up, or the sign-in, ended under this answer: its whole unit of work is undone. */
export class SetupOver extends Error {}

/** Ends User Setup: the person has a second step from now on, has just given it, and is signed in. */
export async function finishSetup(
  { settings, random, ids }: Needs,
  stores: FinishStores,
  { user, signInId, method, from, now }: Finish,
): Promise<string> {
  const { users, signIns, sessions, known, pins, audit } = stores
  // Asked before it began; since then the mode may have come to want one, or an operator have taken the PIN away.
  if (await owesPin({ pins, settings: settings.current() }, user, method)) throw new SetupOver()
  const closed = await signIns.close(signInId, now)
  const enrolled = closed && (await users.enrol(user.id, method, now))
  if (!enrolled) throw new SetupOver()

  // What they read while they set it up is what later texts and calls come in, until they choose another.
  if (user.language === undefined && languages.includes(from.language as Language)) {
    await users.setLanguage(user.id, from.language as Language)
  }
  const token = newToken('se', random)
  await openSession({ ids, settings, sessions }, { userId: user.id, token, from, now })
  await known.remember(user.key, addressKey(from.address), now)
  const { address, userAgent } = from
  await audit.write({ what: 'enrolment.done', at: now, userId: user.id, address, userAgent, facts: { method } })
  return token
}

/** What an answer gets whose set-up ended under it. */
export async function unlessOver<T>(answer: () => Promise<T>): Promise<T | { ok: true; value: { outcome: 'gone' } }> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof SetupOver) return { ok: true, value: { outcome: 'gone' } }
    throw error
  }
}
