import type { Entry } from 'ldapts'
import { text } from './ldap-entry.ts'
import { hasEnded, isDisabled, isLocked, stateAttributes } from './ldap-state.ts'
import { hasExpired } from './windows-codes.ts'

const COMPUTED = 'msDS-User-Account-Control-Computed'
const EXPIRES = 'accountExpires'
const RESET = 'pwdReset'
/** Bits of msDS-User-Account-Control-Computed (MS-ADTS section 2.2.16). */
const LOCKED_OUT = 0x10
const PASSWORD_EXPIRED = 0x80_0000

export const accountAttributes = [...stateAttributes, COMPUTED, EXPIRES, RESET]

/** What an entry tells of why its owner is not let in, or not at once, for an operator who looks for just that. */
export function hindrancesOf(entry: Entry, now: Date): string[] {
  const computed = Number(text(entry, COMPUTED) ?? 0)
  const disabled = isDisabled(entry)
  const isOne: readonly [boolean, string][] = [
    [disabled, 'the account is disabled'],
    [(computed & LOCKED_OUT) !== 0 || (!disabled && isLocked(entry)), 'the account is locked'],
    [hasExpired(text(entry, EXPIRES) ?? '0', now) || hasEnded(entry, now), 'the account is expired'],
    [(computed & PASSWORD_EXPIRED) !== 0 || text(entry, RESET) === 'TRUE', 'the password has to be changed first'],
  ]
  return isOne.flatMap(([is, words]) => (is ? [words] : []))
}
