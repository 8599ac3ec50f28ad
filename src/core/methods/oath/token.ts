import type { OtpAlgorithm, OtpDigits } from '../../../protocols/hotp.ts'

/** By counter (RFC 4226) or by time (RFC 6238): seconds in a step, and by how many steps its clock is ahead of ours. */
export type Rhythm = { kind: 'hotp' } | { kind: 'totp'; period: number; drift: number }

export type TokenOrigin = 'app' | 'hardware' | 'device'

/**
 * A secret that an app, a device of ours or a token of hardware holds too.
 *
 * `app`: an authenticator app, or a secret that the person entered; one of a person at most. `hardware`: imported, with a
 * serial number that is unique among its maker's, nobody's until assigned. `device`: lives and dies with the device.
 */
export type OathToken = {
  id: string
  userId: string | undefined
  origin: TokenOrigin
  deviceId?: string | undefined
  serial?: string | undefined
  manufacturer?: string | undefined
  model?: string | undefined
  /** At the place that `secretPlace` names. */
  sealedSecret: string
  algorithm: OtpAlgorithm
  digits: OtpDigits
  /** The newest step or counter that was accepted; only a newer one is accepted again. -1 before the first. */
  last: number
  /** Not good before; not good from then on. What its maker's file says. */
  startsAt?: Date | undefined
  expiresAt?: Date | undefined
  /** Since when it is on the account, or here while it is nobody's. */
  addedAt: Date
  usedAt?: Date | undefined
  revokedAt?: Date | undefined
} & Rhythm

/** A secret that was shown or entered and is not proven yet. It belongs to the sign-in or session that asked for it. */
export type TokenOffer = Pick<OathToken, 'id' | 'sealedSecret' | 'algorithm' | 'digits'> & {
  userId: string
  transactionId: string
  madeBy: 'us' | 'person'
  /** The counter before the next one; undefined where the person does not know it. -1 for tokens by time. */
  last: number | undefined
  attemptsLeft: number
  expiresAt: Date
} & Rhythm

/** Where a code stands, or two in a row: the steps or counters from `first` to `last`; `drift` as found, 0 by counter. */
export type Place = { first: number; last: number; drift: number }

export type TokenPage = { which: 'all' | 'unassigned'; after: string; most: number }

export interface TokenStore {
  /** What is on the account and was not revoked, the oldest first; some may be out of their time (`isLive`). */
  listOf(userId: string): Promise<OathToken[]>
  /** The hardware tokens of that serial number; several where makers number alike. */
  findBySerial(serial: string): Promise<OathToken[]>
  /** Hardware tokens in the order of their import, after the one with the id `after`. `unassigned`: that may be assigned. */
  page(page: TokenPage): Promise<OathToken[]>
  /**
   * Spends a code, or two, by one statement, as this user's (undefined: nobody's); the drift is remembered with it. True
   * for exactly one caller: only what is newer than all that was accepted before is accepted.
   */
  spend(token: Pick<OathToken, 'id' | 'userId'>, place: Place, now: Date): Promise<boolean>
  /** False where there is one already: of that serial number and maker, or of that device. */
  insert(token: Omit<OathToken, 'usedAt' | 'revokedAt' | keyof Rhythm> & Rhythm): Promise<boolean>
  /** False unless it is hardware, nobody's and not revoked. */
  assign(id: string, userId: string, now: Date): Promise<boolean>
  /** False unless it is hardware and somebody's. */
  unassign(id: string, now: Date): Promise<boolean>
  /** For good: the secret is erased. False unless it is hardware and was not revoked before. */
  revoke(id: string, now: Date): Promise<boolean>
  /** Takes the app off the account. False when there was none. */
  removeApp(userId: string): Promise<boolean>
  /** False when there was none. */
  removeDevice(deviceId: string): Promise<boolean>
  /** Kills the offers before it, in whatever session they were made. */
  offer(offer: TokenOffer): Promise<void>
  findOffer(transactionId: string, now: Date): Promise<TokenOffer | undefined>
  /** Takes one attempt off the offer and returns it; undefined when there is none in time. */
  spendOfferAttempt(transactionId: string, now: Date): Promise<TokenOffer | undefined>
  /** Turns the offer into the user's app, in place of an earlier one. True for exactly one caller. */
  accept(offer: TokenOffer, place: Place, now: Date): Promise<boolean>
}

export function secretPlace(tokenId: string): string {
  return `oath_token/${tokenId}/secret`
}

export function isLive({ startsAt, expiresAt, revokedAt }: OathToken, now: Date): boolean {
  return !revokedAt && !(startsAt && startsAt > now) && !(expiresAt && expiresAt <= now)
}

/** The user's tokens whose codes count now. */
export async function liveTokens(tokens: Pick<TokenStore, 'listOf'>, userId: string, now: Date): Promise<OathToken[]> {
  return (await tokens.listOf(userId)).filter((token) => isLive(token, now))
}
