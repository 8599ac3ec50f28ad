import type { Backup } from '../../../protocols/webauthn.ts'

/** A WebAuthn credential of one person, at this site. */
export type Passkey = {
  id: string
  userId: string
  /** Base64url; the authenticator's own name for it, and unique among all. */
  credentialId: string
  /** COSE, base64url. */
  publicKey: string
  /** The newest that was accepted; 0 for authenticators that do not count. */
  counter: number
  /** How the browser said it can be reached, to be told to other browsers. */
  transports: readonly string[]
  name: string
  /** The make of the authenticator, as it says itself; nothing vouches for it. */
  aaguid: string
  backup: Backup
  addedAt: Date
  usedAt: Date | undefined
}

export interface PasskeyStore {
  /** The oldest first. */
  listOf(userId: string): Promise<Passkey[]>
  findByCredential(credentialId: string): Promise<Passkey | undefined>
  /** False when the credential is on an account already, whoever's. */
  insert(passkey: Passkey): Promise<boolean>
  /** True only if the counter went up, or neither side counts. Spent by being stored. */
  spendCounter(
    passkey: Pick<Passkey, 'id' | 'userId'>,
    used: { counter: number; backup: Backup },
    now: Date,
  ): Promise<boolean>
  /** False when the user has no such passkey. */
  rename(userId: string, id: string, name: string): Promise<boolean>
  /** False when the user has no such passkey. */
  remove(userId: string, id: string): Promise<boolean>
}

/** What an answer is for. An answer to one never counts for another. */
export type PasskeyPurpose = 'register' | 'second-step' | 'sign-in'

/** A question to whoever has a passkey. It is answered once, in the sign-in or session that asked. */
export type PasskeyChallenge = {
  id: string
  purpose: PasskeyPurpose
  /** The sign-in under way or the session that asked; for a sign-in with a passkey alone, its own id. */
  transactionId: string
  /** Nobody yet, for a sign-in with a passkey alone. */
  userId: string | undefined
  /** Base64url of 32 random bytes. */
  challenge: string
  expiresAt: Date
}

export interface PasskeyChallengeStore {
  /** Kills the one before it of the same transaction and purpose. */
  open(challenge: PasskeyChallenge): Promise<void>
  find(transactionId: string, purpose: PasskeyPurpose, now: Date): Promise<PasskeyChallenge | undefined>
  /** True for exactly one caller. */
  take(challenge: Pick<PasskeyChallenge, 'id' | 'transactionId' | 'purpose'>, now: Date): Promise<boolean>
}

/** How many one person may have: the browser is told all of them at each ceremony. */
export const MOST_PASSKEYS = 10

/** One line, whatever was typed. */
export function nameFrom(typed: string): string {
  return typed.replace(/[\s\p{Cc}]+/gu, ' ').trim() || 'Passkey'
}
