import { z } from 'zod'

/** RFC 5321 section 4.1.2: a dot-string of atoms, never a quoted one. */
const LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const ADDRESS = new RegExp(`^(?=[^@]{1,64}@)${LOCAL}@(?:${LABEL}\\.)+(?=[A-Za-z])${LABEL}$`)

/**
 * One strict form: no quotes, comments, lists, blanks or control characters, which other programs read in other ways, and
 * nothing outside of ASCII. A domain in other letters is written as DNS has it (`xn--…`).
 */
export const MailAddress = z.string().max(254).regex(ADDRESS, 'a mail address such as helpdesk@example.org')

export function isMailAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text)
}
