import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { PasswordChange, PasswordCheck } from '../directory.ts'
import type { From } from '../gate.ts'
import type { Write } from '../ports.ts'
import type { SessionStore } from '../sessions/session.ts'
import { isAllowed, type User, usernameKey } from '../users/user.ts'
import { type FirstStepNeeds, firstStep } from './begin.ts'

export type ChangePasswordNeeds = FirstStepNeeds & {
  record: Write<{ sessions: SessionStore; deliveries: DeliveryQueue; audit: AuditLog }>
  notices: NoticeNeeds
}

type Change = { key: string | undefined; username: string; password: string; chosen: string }

/**
 * A new password in place of one that the directory has declared expired, or that an administrator has set for one use.
 *
 * The old one is proven first, by the same try as in a sign-in, and only a password that must be changed is: otherwise
 * anybody with a stolen one could lock its owner out from here, without a second step. That is owed afterwards as always.
 */
export async function changeExpiredPassword(
  needs: ChangePasswordNeeds,
  { username: typed, password, chosen }: Input<'changeExpiredPassword'>,
  from: From,
): Promise<Answer<'changeExpiredPassword'>> {
  const { settings, pace, clock, directory, arrivals } = needs
  if (!settings.current()['portal.allow_log_in']) return { ok: false, refusal: 'sign-in.off' }
  if (!directory.changePassword) return { ok: false, refusal: 'password.not-here' }
  if (!isFit(chosen)) return { ok: false, refusal: 'password.unfit' }
  if (chosen === password) return { ok: false, refusal: 'password.same' }

  const key = usernameKey(directory.spellingOf?.(typed) ?? typed)
  const until = await pace.spend(key, from.address, clock.now())
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }

  const change = { key, username: key === undefined ? '' : typed.normalize('NFC').trim(), password, chosen }
  let refused: Extract<PasswordChange, { outcome: 'refused' }> | undefined
  const answer = await firstStep(needs, key, from, async (): Promise<PasswordCheck> => {
    const check = await directory.checkPassword(change.username, password, from)
    if (check.outcome !== 'must-change') return check
    const user = await arrivals.known(check.person)
    // Who may not sign in here changes nothing from here either; `firstStep` makes it a wrong password.
    if (user && !isAllowed(user, clock.now())) return check
    const changed = await changeFor(needs, user, change, from)
    if (changed.outcome === 'wrong') return changed
    if (changed.outcome === 'refused') refused = changed
    // Not asked for once more: another controller may not know of it yet, and would count a wrong password.
    return refused ? check : { outcome: 'right', person: check.person }
  })
  if (!refused) return answer
  // The old password was right: whoever is choosing a new one is not guessing.
  await pace.refund(key, from.address, clock.now())
  return { ok: false, refusal: refused.why === 'rules' ? 'password.rules' : 'password.not-here' }
}

async function changeFor(
  { directory, record, notices, clock }: ChangePasswordNeeds,
  user: User | undefined,
  { username, password, chosen }: Change,
  { address, userAgent }: From,
): Promise<PasswordChange> {
  const about = { userId: user?.id, address, userAgent }
  // Before it happens: a directory takes nothing back because we could not write it down.
  await record(({ audit }) => audit.write({ what: 'password.changing', at: clock.now(), ...about }))
  const changed = (await directory.changePassword?.(username, password, chosen, { address })) ?? {
    outcome: 'refused',
    why: 'not-allowed',
  }
  const event = { at: clock.now(), ...about }
  await record(async ({ sessions, deliveries, audit }) => {
    if (changed.outcome !== 'changed') {
      const { why } = changed
      return audit.write({ what: 'password.not-changed', ...event, facts: { why } })
    }
    await audit.write({ what: 'password.changed', ...event })
    if (!user) return
    await sessions.endAllOf(user.id, event.at)
    await tellOf(notices, deliveries, user, { kind: 'password', address }, event.at)
  })
  return changed
}

/** What can be typed again, on any keyboard and in any box. */
function isFit(chosen: string): boolean {
  return /[^\s\p{Cf}]/u.test(chosen) && chosen.isWellFormed() && !/\p{Cc}/u.test(chosen)
}
