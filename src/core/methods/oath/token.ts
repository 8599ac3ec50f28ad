import type { OtpAlgorithm, OtpDigits } from '../../../protocols/hotp.ts'

/** A TOTP token (RFC 6238): a secret that an app or a device holds too. */
export type OathToken = {
  id: string
  userId: string
  sealedSecret: string
  algorithm: OtpAlgorithm
  digits: OtpDigits
  /** Seconds in one time step. */
  period: number
  /** The newest step that was accepted; only a newer one is accepted again (RFC 6238 section 5.2). */
  lastStep: number
  addedAt: Date
  usedAt: Date | undefined
}

/** A secret that was shown and not proven yet. It belongs to the sign-in or session that asked for it. */
export type TokenOffer = Pick<OathToken, 'id' | 'userId' | 'sealedSecret' | 'algorithm' | 'digits' | 'period'> & {
  transactionId: string
  attemptsLeft: number
  expiresAt: Date
}

export interface TokenStore {
  findOf(userId: string): Promise<OathToken | undefined>
  /** True for exactly one caller: the step is spent by being stored, and is accepted only if newer than the last. */
  spendStep(id: string, step: number, now: Date): Promise<boolean>
  /** Kills the offers before it, in whatever session they were made. */
  offer(offer: TokenOffer): Promise<void>
  findOffer(transactionId: string, now: Date): Promise<TokenOffer | undefined>
  /** Takes one attempt off the offer and returns it; undefined when there is none in time. */
  spendOfferAttempt(transactionId: string, now: Date): Promise<TokenOffer | undefined>
  /** Turns the offer into the user's token, in place of an earlier one. True for exactly one caller. */
  accept(offer: TokenOffer, step: number, now: Date): Promise<boolean>
  /** False when there was none. */
  removeOf(userId: string): Promise<boolean>
}

export function secretPlace(tokenId: string): string {
  return `oath_token/${tokenId}/secret`
}
