import type { Answer, Input } from '../../contract/contract.ts'
import type { Directory, DirectoryChallenge, PasswordCheck, WrongWhy } from '../directory.ts'
import type { From } from '../gate.ts'
import { isAllowed, type User, usernameKey } from '../users/user.ts'
import type { Arrivals } from './arrive.ts'
import { type AskBackNeeds, askBack } from './directory-challenge.ts'
import { type OpenNeeds, openSignIn } from './open.ts'
import type { PasswordPace } from './password-pace.ts'

export type FirstStepNeeds = OpenNeeds &
  AskBackNeeds & {
    directory: Directory
    arrivals: Arrivals
    pace: PasswordPace
    /** A refusal takes at least so long, so that its cause does not show in its time. */
    floor<T>(work: () => Promise<{ value: T; slow: boolean }>): Promise<T>
  }

type Judged =
  | { outcome: 'right'; user: User }
  | { outcome: 'challenged'; challenge: DirectoryChallenge }
  | { outcome: 'must-change'; why: 'expired' | 'reset' }
  | { outcome: 'hours' }
  | { outcome: 'wrong' }

/** The first door: user name and password. Says the same, in the same time, of a wrong password, an unknown and a disabled user. */
export async function beginSignIn(
  needs: FirstStepNeeds,
  input: Input<'beginSignIn'>,
  from: From,
): Promise<Answer<'beginSignIn'>> {
  const { settings, pace, clock, directory } = needs
  if (!settings.current()['portal.allow_log_in']) return { ok: false, refusal: 'sign-in.off' }

  const key = usernameKey(directory.spellingOf?.(input.username) ?? input.username)
  const until = await pace.spend(key, from.address, clock.now())
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }

  const username = key === undefined ? '' : input.username.normalize('NFC').trim()
  return firstStep(needs, key, from, () => directory.checkPassword(username, input.password, from))
}

/** What comes of one question to the directory, for which a try was spent. */
export async function firstStep(
  needs: FirstStepNeeds,
  key: string | undefined,
  from: From,
  ask: () => Promise<PasswordCheck>,
): Promise<Answer<'beginSignIn'>> {
  const judged = await needs.floor(async () => {
    const check = await askDirectory(needs, key, from, ask)
    const value = await judge(needs, key, check, from)
    return { value, slow: value.outcome === 'wrong' }
  })
  switch (judged.outcome) {
    case 'right':
      return openSignIn(needs, judged.user, from)
    case 'challenged':
      return askBack(needs, key, judged.challenge, from)
    case 'must-change': {
      const changeable = needs.directory.changePassword !== undefined
      return { ok: true, value: { outcome: 'must-change', why: judged.why, changeable } }
    }
    case 'hours':
      return { ok: false, refusal: 'sign-in.hours' }
    case 'wrong':
      return { ok: false, refusal: 'credentials.wrong' }
  }
}

/** A directory that is down costs the person nothing: the try is given back. */
async function askDirectory(
  { pace, clock }: FirstStepNeeds,
  key: string | undefined,
  from: From,
  ask: () => Promise<PasswordCheck>,
): Promise<PasswordCheck> {
  try {
    return await ask()
  } catch (error) {
    await pace.refund(key, from.address, clock.now())
    throw error
  }
}

/** Whose password this is, if it lets anybody in. */
async function judge(
  { arrivals, pace, clock }: FirstStepNeeds,
  key: string | undefined,
  check: PasswordCheck,
  from: From,
): Promise<Judged> {
  if (check.outcome === 'challenged') return check
  if (check.outcome === 'must-change') {
    const { why, person: whom } = check
    const known = await arrivals.known(whom)
    const allowed = known === undefined || isAllowed(known, clock.now())
    await arrivals.recordWrong({ key, why: allowed ? why : 'disabled', whom }, from, clock.now())
    return allowed ? { outcome: 'must-change', why } : { outcome: 'wrong' }
  }
  if (check.outcome === 'wrong') {
    const { why, whom, person } = check
    await arrivals.recordWrong({ key, why, whom: whom ?? person }, from, clock.now())
    const known = person && (await arrivals.known(person))
    const allowed = person !== undefined && (known === undefined || isAllowed(known, clock.now()))
    return { outcome: isTold(why) && allowed ? 'hours' : 'wrong' }
  }
  const { person: whom } = check
  const user = await arrivals.arrive(whom, from, clock.now())
  if (user && isAllowed(user, clock.now())) {
    await pace.succeeded({ key, owner: user.key }, from.address, clock.now())
    return { outcome: 'right', user }
  }
  if (user) await arrivals.recordWrong({ key, why: 'disabled', whom }, from, clock.now())
  return { outcome: 'wrong' }
}

/**
 * Told to the person, where the password was right: an honest one can act on it. Not what any guess gets (`locked`), and
 * not what would only tell a thief that the password is right (`disabled`).
 */
function isTold(why: WrongWhy): boolean {
  return why === 'hours'
}
