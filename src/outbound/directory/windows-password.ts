import { Attribute, Change, type Client, ResultCodeError } from 'ldapts'
import type { PasswordChange } from '../../core/directory.ts'

const UNICODE_PWD = 'unicodePwd'
const CONSTRAINT_VIOLATION = 19
const NOT_ALLOWED = new Set([50, 53])
/** Windows error codes at the start of the diagnostic message: ERROR_INVALID_PASSWORD, ERROR_PASSWORD_RESTRICTION. */
const WRONG_OLD = /^0*56\b/
const RULES = /^0*52d\b/i

/**
 * A change by its owner (MS-ADTS section 3.1.1.3.1.5): the old value is deleted and the new one added in one request, so
 * that it needs the old one and nobody's right to reset. Undefined when the answer says nothing of the passwords.
 */
export async function changeUnicodePwd(
  client: Client,
  { dn, old, chosen }: { dn: string; old: string; chosen: string },
): Promise<PasswordChange | undefined> {
  try {
    await client.modify(dn, [change('delete', old), change('add', chosen)])
    return { outcome: 'changed' }
  } catch (error) {
    if (!(error instanceof ResultCodeError)) return undefined
    // Told under constraintViolation, and by some controllers under unwillingToPerform.
    if (RULES.test(error.message)) return { outcome: 'refused', why: 'rules' }
    if (NOT_ALLOWED.has(error.code)) return { outcome: 'refused', why: 'not-allowed' }
    const isOldWrong = error.code === CONSTRAINT_VIOLATION && WRONG_OLD.test(error.message)
    return isOldWrong ? { outcome: 'wrong', why: 'password' } : undefined
  }
}

/** In quotes, UTF-16. */
function change(operation: 'add' | 'delete', password: string): Change {
  const values = [Buffer.from(`"${password}"`, 'utf16le')]
  return new Change({ operation, modification: new Attribute({ type: UNICODE_PWD, values }) })
}
