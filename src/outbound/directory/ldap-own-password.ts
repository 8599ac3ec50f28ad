import { PasswordPolicyError, type PasswordPolicyValue } from 'ldapts'

/** Policies are for people, and are often set for everybody: our own account is one of them. */
export type OwnPolicy = PasswordPolicyValue | undefined

const SECONDS_A_DAY = 24 * 60 * 60

/** Why our account cannot be used, though the password may be right. */
export function troubleOf(policy: OwnPolicy): string | undefined {
  switch (policy?.error) {
    case PasswordPolicyError.PasswordExpired:
      return 'its password is expired'
    case PasswordPolicyError.AccountLocked:
      return 'it is locked or disabled'
    case PasswordPolicyError.ChangeAfterReset:
      // It could sign in, and nothing else (draft-behera-ldap-password-policy-11 section 8.1.2.2).
      return 'its password must be changed first'
    default:
      return undefined
  }
}

/** What will make it unusable. */
export function warningOf(policy: OwnPolicy): string | undefined {
  const { timeBeforeExpiration: seconds, graceAuthNsRemaining: grace } = policy ?? {}
  if (grace !== undefined) return `it is expired, and opens ${grace} times more`
  if (seconds === undefined) return undefined
  const days = Math.floor(seconds / SECONDS_A_DAY)
  return days === 0 ? 'it expires within a day' : `it expires in ${days} days`
}
