import type { User } from '../users/user.ts'

/** Until when nothing is judged; without a time, until an administrator opens it again. Undefined: not locked. */
export function lockOf(user: User, budget: number, now: Date): { until?: string } | undefined {
  if (user.failures >= budget) return {}
  return user.lockedUntil && user.lockedUntil > now ? { until: user.lockedUntil.toISOString() } : undefined
}
