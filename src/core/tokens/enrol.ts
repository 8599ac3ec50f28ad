import type { AuditLog } from '../audit/audit.ts'
import type { UserStore } from '../users/user.ts'

/** Whoever was given a token by the operator, and had no second step, needs no User Setup: the password alone opens none now. */
export async function enrolWithToken(
  { users, audit }: { users: UserStore; audit: AuditLog },
  userId: string,
  now: Date,
): Promise<void> {
  if (!(await users.enrol(userId, 'oath', now))) return
  await audit.write({ what: 'enrolment.done', at: now, userId, facts: { method: 'oath', by: 'operator' } })
}
