import type { Pending, SignedIn } from '../gate.ts'

/** Who proves a new factor: somebody in User Setup, or somebody signed in who changes the account. */
export type Asker = { userId: string; transactionId: string; setup: boolean }

export function askerOf(
  who: Extract<Pending, { level: 'setting up' }> | SignedIn | { level: 'setting up'; userId: string; signInId: string },
): Asker {
  return who.level === 'setting up'
    ? { userId: who.userId, transactionId: who.signInId, setup: true }
    : { userId: who.userId, transactionId: who.sessionId, setup: false }
}
