import { randomUUID } from 'node:crypto'
import type { WrongWhy } from '../../core/directory.ts'

/** What is not put before a directory, and why. Undefined: ask it. */
export function refusedHere(username: string, password: string): WrongWhy | undefined {
  if (isBlank(password)) return 'empty'
  if (!isName(username)) return 'unknown'
  return isPassword(password) ? undefined : 'password'
}

/**
 * RFC 4513 section 5.1.2: a bind with an empty password succeeds and proves nothing. A server that keeps text as C does
 * sees an empty one behind a NUL, and some trim blanks.
 */
function isBlank(password: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*$/u.test(password)
}

/** A NUL would hide what follows it from some servers; a lone surrogate has no UTF-8 (RFC 4511 section 4.1.2). */
function isPassword(password: string): boolean {
  return !password.includes('\0') && password.isWellFormed()
}

export function isName(username: string): boolean {
  return username.trim() !== '' && username.length <= 256 && !/\p{Cc}/u.test(username) && username.isWellFormed()
}

/** A password drawn at random is nobody's. */
export function nobodysPassword(): string {
  return randomUUID()
}

/** A name drawn at random is no entry's, and nobody can make one of that name beforehand. */
export function nobody(baseDn: string): string {
  return `cn=nobody-${randomUUID()},${baseDn}`
}
