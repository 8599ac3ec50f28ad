import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { Directory, PasswordCheck } from '../directory.ts'
import type { From } from '../gate.ts'
import type { SendCodeNeeds } from '../methods/text/send-code.ts'
import { sendCode } from '../methods/text/send-code.ts'
import { type HoldingNeeds, holdingsOf } from '../policy/holdings.ts'
import { isReplyMode, modeOf } from '../policy/modes.ts'
import { type ReserveNeeds, reservesOf } from '../policy/reserves.ts'
import { decide } from '../policy/ways.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import { type StartNeeds, startPrompt } from '../prompts/start.ts'
import type { SignInStore } from '../sessions/session.ts'
import { newToken, tokenHash } from '../sessions/tokens.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { isAllowed, type User, usernameKey } from '../users/user.ts'
import type { Arrivals } from './arrive.ts'
import type { PasswordPace } from './password-pace.ts'

type Needs = HoldingNeeds &
  ReserveNeeds & {
    directory: Directory
    arrivals: Arrivals
    pace: PasswordPace
    texts: SendCodeNeeds
    prompts: StartNeeds
    write: Write<{ signIns: SignInStore; audit: AuditLog }>
    settings: SettingsSource
    clock: Clock
    random: Random
    ids: Ids
    /** A refusal takes at least so long, so that its cause does not show in its time. */
    floor<T>(work: () => Promise<{ value: T; slow: boolean }>): Promise<T>
  }

const wrong = { ok: false, refusal: 'credentials.wrong' } as const

/** The first door: user name and password. Says the same, in the same time, of a wrong password, an unknown and a disabled user. */
export async function beginSignIn(
  needs: Needs,
  input: Input<'beginSignIn'>,
  from: From,
): Promise<Answer<'beginSignIn'>> {
  const { settings, pace, clock } = needs
  if (!settings.current()['portal.allow_log_in']) return { ok: false, refusal: 'sign-in.off' }

  const key = usernameKey(input.username)
  const until = await pace.spend(key, from.address, clock.now())
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }

  const found = await needs.floor(async () => {
    const user = await findPerson(needs, key, input, from)
    return { value: user, slow: user === undefined }
  })
  return found ? await open(needs, found, from) : wrong
}

/** The user whose password this is. A directory that is down costs the person nothing: the try is given back. */
async function findPerson(
  needs: Needs,
  key: string | undefined,
  input: Input<'beginSignIn'>,
  from: From,
): Promise<User | undefined> {
  const { directory, arrivals, pace, clock } = needs
  let check: PasswordCheck
  try {
    check = await directory.checkPassword(
      key === undefined ? '' : input.username.normalize('NFC').trim(),
      input.password,
    )
  } catch (error) {
    await pace.refund(key, from.address)
    throw error
  }
  if (check.outcome === 'wrong') {
    await arrivals.recordWrong(key, check.why, from, clock.now())
    return undefined
  }
  const user = await arrivals.arrive(check.person, from, clock.now())
  if (user && isAllowed(user, clock.now())) {
    await pace.succeeded(key, from.address)
    return user
  }
  if (user) await arrivals.recordWrong(key, 'disabled', from, clock.now())
  return undefined
}

/** The password was right: a sign-in under way, which opens nothing but its next step. */
async function open(needs: Needs, user: User, from: From): Promise<Answer<'beginSignIn'>> {
  const { write, settings, clock, random, ids } = needs
  const current = settings.current()
  const enrolled = user.method !== undefined
  if (!enrolled && !current['portal.allow_enrolment']) return { ok: false, refusal: 'enrolment.off' }

  const has = { ...(await holdingsOf(needs, user)), ...(await reservesOf(needs, user.id, current)) }
  const asked = decide(has, current)
  const now = clock.now()
  const id = ids.next()
  const token = newToken('si', random)
  await write(async ({ signIns, audit }) => {
    const expiresAt = new Date(now.getTime() + current['sign_in.minutes'] * 60_000)
    const stage = enrolled ? 'second-step' : 'user-setup'
    const { address, userAgent } = from
    await signIns.insert({ id, userId: user.id, stage, address, userAgent, expiresAt }, tokenHash(token), now)
    const facts = { asked: enrolled ? asked?.method : 'user-setup', reason: enrolled ? asked?.reason : undefined }
    await audit.write({ what: 'password.right', at: now, userId: user.id, address, userAgent, facts })
  })
  // The method used last is offered first and starts by itself.
  const method = asked?.method
  const byReply = method === 'text' && isReplyMode(modeOf('text', user.modes, current))
  if (method === 'call' || method === 'app' || byReply) {
    await startPrompt(needs.prompts, { userId: user.id, id, purpose: 'sign-in' }, { method }, from)
  } else if (method === 'text' && user.phone && !isLocked(user, current['lock.budget'], now)) {
    await sendCode(needs.texts, { user, transactionId: id, purpose: 'second-step', phone: user.phone, from })
  }
  return { ok: true, value: { outcome: 'begun', session: token, next: enrolled ? 'second-step' : 'user-setup' } }
}

/** Locked for a while, or until an administrator opens it again. */
export function isLocked(user: User, budget: number, now: Date): boolean {
  return user.failures >= budget || (user.lockedUntil !== undefined && user.lockedUntil > now)
}
