import type { EventName } from '../audit/events.ts'
import type { From, Pending, SignedIn } from '../gate.ts'

/** Who proves a new factor: somebody in User Setup, or somebody signed in who changes the account. */
export type Asker = { userId: string; transactionId: string; setup: boolean }

export function askerOf(
  who: Extract<Pending, { level: 'setting up' }> | SignedIn | { level: 'setting up'; userId: string; signInId: string },
): Asker {
  return who.level === 'setting up'
    ? { userId: who.userId, transactionId: who.signInId, setup: true }
    : { userId: who.userId, transactionId: who.sessionId, setup: false }
}

/** One act of an asker, with all that the audit keeps of it. */
export type Asked = { asker: Asker; from: From; now: Date }

export function eventOf(what: EventName, { asker, from, now }: Asked) {
  const { address, userAgent } = from
  return { what, at: now, userId: asker.userId, address, userAgent, facts: { setup: asker.setup } }
}
