import { isMailAddress } from '../../contract/mail-address.ts'

/** In characters. Nobody's name is longer, and what is longer is none. */
export const LONGEST_DETAIL = 256

/** What a directory says of somebody as one line: no database keeps a zero byte, and no page or mail has use for others. */
export function oneLine(text: string): string {
  return (
    text
      .toWellFormed()
      // What turns the direction of a text goes on beyond the name that it is in (UAX 9).
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
  )
}

/** Undefined for what cannot be used: it keeps nobody out. */
export function shownName(text: string | undefined): string | undefined {
  const line = text === undefined ? '' : oneLine(text)
  return line === '' || [...line].length > LONGEST_DETAIL ? undefined : line
}

export function usableMail(text: string | undefined): string | undefined {
  const mail = text?.trim()
  return mail && isMailAddress(mail) ? mail : undefined
}

/** Whether what was mailed to the one does not come to the other: capitals alone make no other mailbox. Nobody loses what was empty. */
export function isOtherMail(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && before.toLowerCase() !== after?.toLowerCase()
}
