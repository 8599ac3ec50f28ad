import type { Entry } from 'ldapts'
import type { Bar } from '../../core/directory.ts'
import { readGeneralizedTime } from './generalized-time.ts'
import { text } from './ldap-entry.ts'
import { hasExpired } from './windows-codes.ts'

/** By what entries say that nobody signs in with an account: 389 and FreeIPA, eDirectory. */
const FLAGS = ['nsAccountLock', 'loginDisabled']
const LOCKED = 'pwdAccountLockedTime'
/** Of OpenLDAP's password policy: locked by an administrator, not by guesses. */
const LOCKED_FOR_GOOD = '000001010000Z'
const CONTROL = 'userAccountControl'
const ACCOUNT_DISABLED = 0x2
/** The first day, counted from 1970, on which it is no account any more; -1 is never (shadow(5)). */
const END = 'shadowExpire'
const DAY_MS = 24 * 60 * 60 * 1000

/** From when on it is no account any more, as bind takes notice of: FreeIPA, eDirectory, OpenLDAP's password policy. */
const TIMES = ['krbPrincipalExpiration', 'loginExpirationTime', 'pwdEndTime']
/** The same at Active Directory. */
const EXPIRES = 'accountExpires'

export const stateAttributes = [...FLAGS, LOCKED, CONTROL, END]
/** For whoever asks without a bind: a synchronisation, and who comes by a proxy. */
export const barAttributes = [...stateAttributes, ...TIMES, EXPIRES]

export function isDisabled(entry: Entry): boolean {
  if (Number(text(entry, CONTROL) ?? 0) & ACCOUNT_DISABLED) return true
  return FLAGS.some((flag) => text(entry, flag)?.toLowerCase() === 'true') || text(entry, LOCKED) === LOCKED_FOR_GOOD
}

/** A lock that has run out stays written until the next sign-in; it is taken for one all the same. */
export function isLocked(entry: Entry): boolean {
  return text(entry, LOCKED) !== undefined
}

/** No LDAP server goes by it when it is bound to: the machines that people sign in to do. Active Directory has it, and does not. */
export function hasEnded(entry: Entry, now: Date): boolean {
  const day = text(entry, END)
  if (day === undefined || !/^\d+$/.test(day) || text(entry, CONTROL) !== undefined) return false
  return now.getTime() >= Number(day) * DAY_MS
}

/** What keeps an account out, as far as its entry tells; of several what guesses cannot bring about. */
export function barOf(entry: Entry, now: Date): Bar | undefined {
  if (isDisabled(entry)) return 'disabled'
  if (isOver(entry, now)) return 'account-expired'
  return isLocked(entry) ? 'locked' : undefined
}

/** By what a directory itself goes by, and by what it leaves to others. */
export function isOver(entry: Entry, now: Date): boolean {
  if (hasEnded(entry, now)) return true
  const ends = TIMES.map((attribute) => readGeneralizedTime(text(entry, attribute)))
  return ends.some((end) => end !== undefined && end <= now) || hasExpired(text(entry, EXPIRES) ?? '0', now)
}
