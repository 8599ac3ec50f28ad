import { FilterParser } from 'ldapts'

/** Whether it is a filter to whoever sends it (RFC 4515), and to the last character. */
export function isFilter(text: string): boolean {
  try {
    FilterParser.parseString(text)
    return true
  } catch {
    return false
  }
}
