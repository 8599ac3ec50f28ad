import type { Answer } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From, SignedIn } from '../gate.ts'
import type { Clock, Random, Write } from '../ports.ts'
import { newRecoveryCodes, type RecoveryCodeStore } from '../recovery/recovery-codes.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { paces, type ThrottleStore } from '../throttle/throttle.ts'
import type { UserStore } from '../users/user.ts'

type Stores = {
  users: UserStore
  recoveryCodes: RecoveryCodeStore
  throttle: ThrottleStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type RecoveryNeeds = {
  write: Write<Stores>
  hasher: PasswordHasher
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
}

/** As many as fit on a card, and last some years of lost phones. */
const CODES = 10

const unavailable = { ok: false, refusal: 'method.unavailable' } as const

/** The hashes are worked between two units of work. Of several sets made at once the last is good, and its maker sees it. */
export async function makeRecoveryCodes(
  needs: RecoveryNeeds,
  { userId }: SignedIn,
  { address, userAgent }: From,
): Promise<Answer<'makeRecoveryCodes'>> {
  const { write, hasher, notices, settings, clock, random } = needs
  if (!settings.current()['portal.recovery_codes']) return unavailable

  const began = { at: clock.now(), userId, address, userAgent }
  const until = await write(async ({ throttle, audit }) => {
    const wait = await throttle.spend(`recovery-codes-of:${userId}`, paces.reservesOf, began.at)
    if (wait) await audit.write({ ...began, what: 'recovery.wait' })
    return wait
  })
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }

  const { shown, stored } = await newRecoveryCodes({ hasher, random, ids: notices.ids }, CODES)
  const now = clock.now()
  return write(async ({ users, recoveryCodes, deliveries, audit }) => {
    const user = await users.hold(userId)
    if (!user || !(await recoveryCodes.replaceAll(userId, stored, now))) return unavailable
    await audit.write({ what: 'recovery.made', at: now, userId, address, userAgent, facts: { count: CODES } })
    await tellOf(notices, deliveries, user, { kind: 'recovery-made', address }, now)
    return { ok: true, value: { outcome: 'made', codes: shown } }
  })
}
