import { hash } from 'node:crypto'
import type { Random } from '../ports.ts'

/**
 * A token carries its purpose, so that none is ever good for another: `si_` a sign-in under way, `se_` a session, `dc_` what
 * a directory asked back, which opens nothing but the answer to it.
 */
export type TokenPurpose = 'si' | 'se' | 'dc'

export function newToken(purpose: TokenPurpose, random: Random): string {
  return `${purpose}_${Buffer.from(random.bytes(32)).toString('base64url')}`
}

/** Exactly what `newToken` makes: a cut, extended or re-encoded token is none. */
export function purposeOf(token: string): TokenPurpose | undefined {
  return /^(?:si|se|dc)_[A-Za-z0-9_-]{43}$/.test(token) ? (token.slice(0, 2) as TokenPurpose) : undefined
}

/** What the database holds instead of the token: who reads the database can sign in as nobody. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url')
}
