import { PasswordPolicyError } from 'ldapts'
import type { PasswordChange, PasswordCheck, WrongWhy } from '../../core/directory.ts'
import type { Proof } from './ldap-prover.ts'

type MustChange = Extract<PasswordCheck, { outcome: 'must-change' }>['why']

/** What a bind says of a password and its account. `graced`: it is expired, and opens a few times more. */
export type Verdict = { right: true } | { why: WrongWhy } | { mustChange: MustChange; graced?: true }

/**
 * A policy tells that a password is expired, or was reset, only after it was found right (who does otherwise is found out
 * by `passwordJudge`); that an account is locked it tells to any guess (draft-behera-ldap-password-policy-11 section 8.1).
 * Refusals that 389 Directory Server and FreeIPA have for accounts and not for passwords are codes of their own.
 */
export function verdictOf(proof: Proof): Verdict {
  const { error, graceAuthNsRemaining: grace } = proof.policy ?? {}
  if (proof.right) {
    if (error === PasswordPolicyError.ChangeAfterReset) return { mustChange: 'reset' }
    return grace === undefined ? { right: true } : { mustChange: 'expired', graced: true }
  }
  if (error === PasswordPolicyError.PasswordExpired) return { mustChange: 'expired' }
  const isLocked = error === PasswordPolicyError.AccountLocked
  switch (proof.code) {
    case UNWILLING: // nsAccountLock is told as a lock, and FreeIPA's lock after too many tries without a policy
      return { why: isLocked ? 'disabled' : 'locked' }
    case CONSTRAINT_VIOLATION: // too many wrong passwords, at 389
      return { why: 'locked' }
    default:
      return { why: isLocked ? 'locked' : 'password' }
  }
}

const CONSTRAINT_VIOLATION = 19
const UNWILLING = 53

/** Why a new password was not taken. Undefined: the answer says nothing of passwords. */
export function refusedChange(code: number, error: number | undefined): PasswordChange | undefined {
  if (error === PasswordPolicyError.PasswordModNotAllowed) return { outcome: 'refused', why: 'not-allowed' }
  if (error !== undefined && error >= PasswordPolicyError.InsufficientPasswordQuality)
    return { outcome: 'refused', why: 'rules' }
  switch (code) {
    case 49: // invalidCredentials: the old one, though a bind has just taken it
      return { outcome: 'wrong', why: 'password' }
    case CONSTRAINT_VIOLATION:
      return { outcome: 'refused', why: 'rules' }
    case 50: // insufficientAccessRights
    case UNWILLING:
      return { outcome: 'refused', why: 'not-allowed' }
    default:
      return undefined
  }
}
