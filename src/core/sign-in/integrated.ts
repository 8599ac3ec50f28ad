import type { Answer } from '../../contract/contract.ts'
import type { From } from '../gate.ts'
import { isAllowed, usernameKey } from '../users/user.ts'
import type { FirstStepNeeds } from './begin.ts'
import { openSignIn } from './open.ts'

/**
 * Whom a trusted proxy has proven, mostly by Kerberos. The directory is asked who that is, and whether they may sign in at
 * all: a ticket outlives the account by hours. No try is counted, since nothing was guessed.
 */
export async function beginIntegratedSignIn(
  needs: FirstStepNeeds,
  username: string,
  from: From,
): Promise<Answer<'beginIntegratedSignIn'>> {
  const { settings, directory, arrivals, write, clock } = needs
  if (!settings.current()['portal.allow_log_in']) return { ok: false, refusal: 'sign-in.off' }
  const key = usernameKey(directory.spellingOf?.(username) ?? username)
  const person = key === undefined ? undefined : await directory.findPerson?.(username.normalize('NFC').trim())
  const user = person && (await arrivals.arrive(person, from, clock.now()))
  if (user && isAllowed(user, clock.now())) {
    const opened = await openSignIn(needs, user, from, 'proxy')
    if (!opened.ok)
      return { ok: false, refusal: opened.refusal === 'enrolment.off' ? 'enrolment.off' : 'credentials.wrong' }
    if (opened.value.outcome === 'begun') return { ok: true, value: opened.value }
  }
  const { address, userAgent } = from
  const facts = { why: user ? 'disabled' : person ? 'conflict' : 'unknown' }
  await write(({ audit }) =>
    audit.write({ what: 'sign-in.integrated-refused', at: clock.now(), userId: user?.id, address, userAgent, facts }),
  )
  return { ok: false, refusal: 'credentials.wrong' }
}
