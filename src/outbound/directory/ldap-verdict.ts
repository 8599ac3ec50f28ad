import { PasswordPolicyError } from 'ldapts'
import type { PasswordChange, PasswordCheck, WrongWhy } from '../../core/directory.ts'
import type { Proof } from './ldap-prover.ts'

type MustChange = Extract<PasswordCheck, { outcome: 'must-change' }>['why']

/** What a bind says of a password and its account, and nothing where both are well. */
export type Verdict = { right: true } | { why: WrongWhy } | { mustChange: MustChange }

/**
 * A policy tells that a password is expired, or was reset, only after it was found right; that an account is locked it
 * tells to any guess (draft-behera-ldap-password-policy-11 section 8.1). Refusals that 389 Directory Server and FreeIPA
 * have for accounts and not for passwords are codes of their own.
 */
export function verdictOf(proof: Proof): Verdict {
  const error = proof.policy?.error
  if (proof.right) return error === PasswordPolicyError.ChangeAfterReset ? { mustChange: 'reset' } : { right: true }
  if (error === PasswordPolicyError.AccountLocked) return { why: 'locked' }
  if (error === PasswordPolicyError.PasswordExpired) return { mustChange: 'expired' }
  return { why: refusals.get(proof.code) ?? 'password' }
}

const refusals: ReadonlyMap<number, WrongWhy> = new Map([
  [19, 'locked'], // constraintViolation: too many wrong passwords
  [53, 'disabled'], // unwillingToPerform: nsAccountLock
])

/** Why a new password was not taken. Undefined: the answer says nothing of passwords. */
export function refusedChange(code: number, error: number | undefined): PasswordChange | undefined {
  if (error === PasswordPolicyError.PasswordModNotAllowed) return { outcome: 'refused', why: 'not-allowed' }
  if (error !== undefined && error >= PasswordPolicyError.InsufficientPasswordQuality)
    return { outcome: 'refused', why: 'rules' }
  switch (code) {
    case 49: // invalidCredentials: the old one, though a bind has just taken it
      return { outcome: 'wrong', why: 'password' }
    case 19: // constraintViolation
      return { outcome: 'refused', why: 'rules' }
    case 50: // insufficientAccessRights
    case 53: // unwillingToPerform
      return { outcome: 'refused', why: 'not-allowed' }
    default:
      return undefined
  }
}
