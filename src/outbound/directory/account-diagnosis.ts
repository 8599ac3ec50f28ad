import type { Entry } from 'ldapts'
import { text } from './ldap-entry.ts'
import { barAttributes, isDisabled, isLocked, isOver } from './ldap-state.ts'

const COMPUTED = 'msDS-User-Account-Control-Computed'
const RESET = 'pwdReset'
/** Bits of msDS-User-Account-Control-Computed (MS-ADTS section 2.2.16). */
const LOCKED_OUT = 0x10
const PASSWORD_EXPIRED = 0x80_0000

export const accountAttributes = [...barAttributes, COMPUTED, RESET]

/** What an entry tells of why its owner is not let in, or not at once, for an operator who looks for just that. */
export function hindrancesOf(entry: Entry, now: Date): string[] {
  const computed = Number(text(entry, COMPUTED) ?? 0)
  const disabled = isDisabled(entry)
  const isOne: readonly [boolean, string][] = [
    [disabled, 'the account is disabled'],
    [(computed & LOCKED_OUT) !== 0 || (!disabled && isLocked(entry)), 'the account is locked'],
    [isOver(entry, now), 'the account is expired'],
    [(computed & PASSWORD_EXPIRED) !== 0 || text(entry, RESET) === 'TRUE', 'the password has to be changed first'],
  ]
  return isOne.flatMap(([is, words]) => (is ? [words] : []))
}
