import type { Bar, PasswordCheck, WrongWhy } from '../../core/directory.ts'

/**
 * Why Active Directory refused a bind: the Windows error code (hexadecimal, after `data`) in the words that come with
 * result code 49. It tells the states of an account only to whoever has its password, but `775`, which any guess gets.
 */
export function refusalOf(said: string): { why: WrongWhy } | { mustChange: 'expired' | 'reset' } {
  const code = /\bdata ([0-9a-f]{1,8})\b/i.exec(said)?.[1]?.toLowerCase()
  const why = whys.get(code ?? '')
  if (why) return { why }
  const mustChange = changes.get(code ?? '')
  return mustChange ? { mustChange } : { why: 'password' }
}

/** Whether the refusal is one that only whoever has the password gets. */
export function provesPassword(why: WrongWhy): boolean {
  return why !== 'password' && why !== 'unknown' && why !== 'locked'
}

const whys: ReadonlyMap<string, WrongWhy> = new Map([
  ['525', 'unknown'], // ERROR_NO_SUCH_USER
  ['52e', 'password'], // ERROR_LOGON_FAILURE
  ['52f', 'restricted'], // ERROR_ACCOUNT_RESTRICTION: a policy of the account, such as Protected Users
  ['530', 'hours'], // ERROR_INVALID_LOGON_HOURS
  ['531', 'workstation'], // ERROR_INVALID_WORKSTATION
  ['533', 'disabled'], // ERROR_ACCOUNT_DISABLED
  ['569', 'restricted'], // ERROR_LOGON_TYPE_NOT_GRANTED
  ['701', 'account-expired'], // ERROR_ACCOUNT_EXPIRED
  ['775', 'locked'], // ERROR_ACCOUNT_LOCKED_OUT
])

const changes: ReadonlyMap<string, Extract<PasswordCheck, { outcome: 'must-change' }>['why']> = new Map([
  ['532', 'expired'], // ERROR_PASSWORD_EXPIRED
  ['773', 'reset'], // ERROR_PASSWORD_MUST_CHANGE
])

/** Bits of userAccountControl and msDS-User-Account-Control-Computed (MS-ADTS section 2.2.16). */
const ACCOUNT_DISABLED = 0x2
const LOCKED_OUT = 0x10

/** 100 ns since 1601, as accountExpires has it; 0 and the largest number mean never. */
const NEVER = new Set(['0', '9223372036854775807'])
const TICKS_PER_MS = 10_000n
const FROM_1601_TO_1970_MS = 11_644_473_600_000n

/** One bit for each hour of a week, from Sunday 0:00 UTC on (MS-SAMR section 2.2.6.5). */
const HOURS_OF_A_WEEK = 21

export type AccountState = {
  control?: string | undefined
  computed?: string | undefined
  expires?: string | undefined
  hours?: Uint8Array | undefined
}

/** What keeps the account out, as far as its entry tells; of several what guesses cannot bring about. What cannot be read is a "no". */
export function barOf({ control, computed = '0', expires = '0', hours }: AccountState, now: Date): Bar | undefined {
  const own = Number(control ?? Number.NaN)
  const flags = own | Number(computed)
  if (Number.isNaN(own) || flags & ACCOUNT_DISABLED) return 'disabled'
  if (hasExpired(expires, now)) return 'account-expired'
  if (hours && !isOpenAt(hours, now)) return 'hours'
  return flags & LOCKED_OUT ? 'locked' : undefined
}

/** By `accountExpires`. */
export function hasExpired(expires: string, now: Date): boolean {
  if (NEVER.has(expires)) return false
  if (!/^\d{1,19}$/.test(expires)) return true
  return BigInt(expires) / TICKS_PER_MS - FROM_1601_TO_1970_MS <= BigInt(now.getTime())
}

function isOpenAt(hours: Uint8Array, now: Date): boolean {
  const hour = now.getUTCDay() * 24 + now.getUTCHours()
  return hours.length === HOURS_OF_A_WEEK && ((hours[hour >> 3] ?? 0) & (1 << (hour & 7))) !== 0
}
