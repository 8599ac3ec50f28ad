import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { Bar } from '../directory.ts'
import type { From } from '../gate.ts'
import { newChallenge } from '../methods/passkey/challenge.ts'
import { type Claim, claimOf, type PasskeyStores, spendClaim } from '../methods/passkey/judge.ts'
import { requestOptions } from '../methods/passkey/options.ts'
import type { PasskeyChallengeStore, PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingParty, RelyingPartySource } from '../methods/passkey/relying-party.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import { lockOf } from '../second-step/lock.ts'
import { openSession } from '../sessions/open.ts'
import type { SessionStore } from '../sessions/session.ts'
import { newToken } from '../sessions/tokens.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { addressKey, paces, type ThrottleStore } from '../throttle/throttle.ts'
import { isAllowed, type User, type UserStore } from '../users/user.ts'
import type { BarredThere } from './barred.ts'
import type { KnownAddressStore } from './known-address.ts'

type Stores = PasskeyStores & {
  users: UserStore
  sessions: SessionStore
  known: KnownAddressStore
  throttle: ThrottleStore
  audit: AuditLog
}
type Needs = {
  write: Write<Stores>
  passkeys: PasskeyStore
  passkeyChallenges: PasskeyChallengeStore
  users: Pick<UserStore, 'find'>
  barred: BarredThere
  relyingParty: RelyingPartySource
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
  /** A refusal takes at least so long, so that its cause does not show in its time. */
  floor<T>(work: () => Promise<{ value: T; slow: boolean }>): Promise<T>
}
type Off = { ok: false; refusal: 'sign-in.off' | 'method.unavailable' }
type Finished = Answer<'finishPasskeySignIn'>

const refused = { ok: false, refusal: 'passkey.refused' } as const

/** Asks for any passkey of this site that has verified its user. Counted by address; a sign-in that comes of it is given back. */
export async function beginPasskeySignIn(needs: Needs, from: From): Promise<Answer<'beginPasskeySignIn'>> {
  const { write, clock } = needs
  const site = siteOf(needs)
  if ('refusal' in site) return site

  const now = clock.now()
  const challenge = newChallenge(needs, { purpose: 'sign-in', transactionId: undefined, userId: undefined, now })
  const until = await write(async ({ throttle, passkeyChallenges }) => {
    const wait = await throttle.spend(paceKey(from), paces.passkeysFrom, now)
    if (!wait) await passkeyChallenges.open(challenge)
    return wait
  })
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }
  const options = requestOptions(site, challenge.challenge, [], 'required')
  return { ok: true, value: { outcome: 'asked', id: challenge.id, options } }
}

/**
 * A passkey that has verified its user is something the person has and something the person is or knows: both steps at once
 * (NIST SP 800-63B-4 section 3.1.7). Whatever is wrong gets one answer, in the same time: which credentials and users there
 * are is not told. The directory is asked of whom the passkey has proven, and of nobody else.
 */
export async function finishPasskeySignIn(
  needs: Needs,
  { id, credential }: Input<'finishPasskeySignIn'>,
  from: From,
): Promise<Finished> {
  const { passkeyChallenges, clock } = needs
  const site = siteOf(needs)
  if ('refusal' in site) return site
  return needs.floor(async () => {
    const challenge = await passkeyChallenges.find(id, 'sign-in', clock.now())
    const claim = challenge && (await claimOf(needs, { challenge, credential, relyingParty: site }))
    const value = claim ? await judge(needs, claim, await barOf(needs, claim, from), from) : refused
    return { value, slow: !value.ok }
  })
}

function siteOf({ relyingParty, settings }: Needs): RelyingParty | Off {
  const current = settings.current()
  const site = relyingParty()
  if (!site || !current['portal.passkey_sign_in']) return { ok: false, refusal: 'method.unavailable' }
  return current['portal.allow_log_in'] ? site : { ok: false, refusal: 'sign-in.off' }
}

/** Before the unit of work, which waits for nobody. An outage spends nothing: the try is given back, the question stays. */
async function barOf({ users, barred, write, clock }: Needs, { used }: Claim, from: From): Promise<Bar | undefined> {
  const user = used && (await users.find(used.passkey.userId))
  if (!user || !isAllowed(user, clock.now())) return undefined
  try {
    return await barred(user)
  } catch (error) {
    await write(({ throttle }) => throttle.refund(paceKey(from)))
    throw error
  }
}

async function judge(needs: Needs, claim: Claim, bar: Bar | undefined, from: From): Promise<Finished> {
  const { write, notices, settings, clock } = needs
  const now = clock.now()
  const answer = await write(async (stores): Promise<Finished> => {
    const user = claim.used && (await stores.users.hold(claim.used.passkey.userId))
    const judgement = await spendClaim(stores, claim, { notices, user, from, now })
    const allowed = user !== undefined && isAllowed(user, now)
    if (judgement !== 'right' || !allowed || bar) {
      const why = judgement !== 'right' ? judgement : allowed ? bar : 'disabled'
      await stores.audit.write({ ...eventOf('passkey.refused', user, from, now), facts: { why } })
      return judgement === 'right' && allowed && bar === 'hours' ? { ok: false, refusal: 'sign-in.hours' } : refused
    }
    const locked = lockOf(user, settings.current()['lock.budget'], now)
    if (locked) {
      await stores.audit.write(eventOf('second-step.refused', user, from, now))
      return { ok: true, value: { outcome: 'locked', ...locked } }
    }
    return { ok: true, value: { outcome: 'passed', session: await open(needs, stores, user, { from, now }) } }
  })
  if (answer.ok) await write(({ throttle }) => throttle.refund(paceKey(from)))
  return answer
}

async function open(
  { random, ids, settings }: Needs,
  { sessions, known, users, audit }: Stores,
  user: User,
  { from, now }: { from: From; now: Date },
): Promise<string> {
  const token = newToken('se', random)
  await openSession({ ids, settings, sessions }, { userId: user.id, token, from, now })
  await known.remember(user.key, addressKey(from.address), now)
  await users.clearFailures(user.id, now)
  await audit.write(eventOf('passkey.signed-in', user, from, now))
  return token
}

function eventOf<What extends string>(what: What, user: User | undefined, { address, userAgent }: From, now: Date) {
  return { what, at: now, userId: user?.id, address, userAgent, facts: { method: 'passkey' } }
}

function paceKey({ address }: From): string {
  return `passkeys-from:${addressKey(address)}`
}
