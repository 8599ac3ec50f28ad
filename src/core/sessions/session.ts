/** A sign-in under way: the password was right, and nothing is open yet. Another type in another table than a session. */
export type SignIn = {
  id: string
  userId: string
  /** `new-pin`: the second step was right as well, and a PIN is to be chosen first. */
  stage: 'second-step' | 'user-setup' | 'new-pin' | 'new-pin-fallback'
  address: string | undefined
  userAgent: string | undefined
  expiresAt: Date
}

/** Somebody who is signed in. */
export type Session = {
  id: string
  userId: string
  provenAt: Date
  seenAt: Date
  expiresAt: Date
}

export interface SignInStore {
  insert(signIn: SignIn, tokenHash: string, now: Date): Promise<void>
  /** Open and in time, of an enabled user. A User Setup of somebody who has enrolled meanwhile, elsewhere, is over. */
  findOpen(tokenHash: string, now: Date): Promise<SignIn | undefined>
  /** Whether its second step, or its User Setup, may still be answered. */
  isOpen(id: string, now: Date): Promise<boolean>
  /** Where a sign-in, or the session that one became, came from. */
  addressOf(id: string): Promise<string | undefined>
  /** From the second step to the choice of a PIN, under a new token. True for exactly one caller. */
  leadToPin(id: string, tokenHash: string, now: Date, fallback: boolean): Promise<boolean>
  /** True for exactly one caller. */
  close(id: string, now: Date): Promise<boolean>
}

export interface SessionStore {
  /** `fallback`: the OATH token opened it, in place of the person's own method. */
  insert(
    session: Session & { address: string | undefined; userAgent: string | undefined; fallback: boolean },
    tokenHash: string,
  ): Promise<void>
  /** Not ended, within its absolute time, seen since `idleSince` of its sort, of an enabled user. */
  findOpen(tokenHash: string, now: Date, idleSince: { own: Date; fallback: Date }): Promise<Session | undefined>
  /** Not ended, and within its absolute time. */
  isOpen(id: string, now: Date): Promise<boolean>
  touch(id: string, now: Date): Promise<void>
  /** A new token after a proof; the old one is dead. By the own method it is no fallback any more. True for exactly one caller. */
  renew(id: string, tokenHash: string, provenAt: Date, fallback: boolean): Promise<boolean>
  /** True for exactly one caller. */
  end(id: string, now: Date): Promise<boolean>
  /** Returns how many were ended. */
  endAllOf(userId: string, now: Date): Promise<number>
}
