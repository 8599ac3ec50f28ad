import type { AuditLog } from '../audit/audit.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { User, UserStore } from './user.ts'

type Stores = { users: UserStore; sessions: SessionStore; audit: AuditLog }

const DAY = 24 * 3_600_000

/** Shuts the account after a report of fraud, and ends what is open. `days` 0: until it is lifted, and no time is returned. */
export async function block(
  { users, sessions, audit }: Stores,
  { user, now, days }: { user: User; now: Date; days: number },
): Promise<Date | undefined> {
  const until = days === 0 ? FAR : new Date(now.getTime() + days * DAY)
  await users.block(user.id, until)
  await sessions.endAllOf(user.id, now)
  await audit.write({ what: 'user.blocked', at: now, userId: user.id, facts: { days } })
  return days === 0 ? undefined : until
}

/** 9999-12-31 */
const FAR = new Date(253_402_214_400_000)
