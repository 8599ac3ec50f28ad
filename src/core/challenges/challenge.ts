/** What an answer is for. An answer to one never counts for another. */
export type Purpose = 'second-step' | 'phone-proof'

/** One code that was texted, waiting for its one answer. */
export type Challenge = {
  id: string
  userId: string
  /** The sign-in or the session that asked; the code is good there and nowhere else. */
  transactionId: string
  purpose: Purpose
  /** E.164, where the code went. */
  phone: string
  codeMac: string
  attemptsLeft: number
  createdAt: Date
  expiresAt: Date
  deliveryId: string
}

export interface ChallengeStore {
  /** Opens it and closes those before it of the same transaction and purpose: only the newest code counts. */
  open(challenge: Challenge): Promise<void>
  /** The open one, whatever is left of it. */
  findOpen(transactionId: string, purpose: Purpose, now: Date): Promise<Challenge | undefined>
  /** The newest, open or not, for the page that tells how far it is. */
  newest(transactionId: string, purpose: Purpose): Promise<Challenge | undefined>
  /** Takes one attempt off the open challenge and returns it; undefined if none is open. */
  spendAttempt(transactionId: string, purpose: Purpose, now: Date): Promise<Challenge | undefined>
  /** True for exactly one caller, however many race. */
  close(id: string, now: Date): Promise<boolean>
}
