import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { From, SignedIn, Who } from '../gate.ts'
import type { Clock, Write } from '../ports.ts'
import type { SessionStore, SignInStore } from './session.ts'

type Needs = { write: Write<{ sessions: SessionStore; signIns: SignInStore; audit: AuditLog }>; clock: Clock }
type Leaving = SignedIn | Extract<Who, { signInId: string }>

/** The row in the database ends, so the token is dead at every door and node from the next call on. */
export async function signOut(
  { write, clock }: Needs,
  who: Leaving,
  { all }: Input<'signOut'>,
  { address, userAgent }: From,
): Promise<Answer<'signOut'>> {
  const now = clock.now()
  return write(async ({ sessions, signIns, audit }) => {
    if (who.level !== 'signed in') {
      const left = await signIns.close(who.signInId, now)
      if (left) await audit.write({ what: 'sign-in.left', at: now, userId: who.userId, address, userAgent })
      return { ok: true, value: { ended: Number(left) } }
    }
    const ended = all ? await sessions.endAllOf(who.userId, now) : Number(await sessions.end(who.sessionId, now))
    await audit.write({ what: 'session.ended', at: now, userId: who.userId, address, userAgent, facts: { ended } })
    return { ok: true, value: { ended } }
  })
}
