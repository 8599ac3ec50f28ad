import type { Answer } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { From } from '../gate.ts'
import type { SendCodeNeeds } from '../methods/text/send-code.ts'
import { sendCode } from '../methods/text/send-code.ts'
import { type HoldingNeeds, holdingsOf } from '../policy/holdings.ts'
import { isReplyMode, modeOf } from '../policy/modes.ts'
import { type ReserveNeeds, reservesOf } from '../policy/reserves.ts'
import { decide } from '../policy/ways.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import { type StartNeeds, startPrompt } from '../prompts/start.ts'
import { lockOf } from '../second-step/lock.ts'
import type { SignInStore } from '../sessions/session.ts'
import { newToken, tokenHash } from '../sessions/tokens.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { isAllowed, type User, type UserStore } from '../users/user.ts'
import type { MayEnrol } from './may-enrol.ts'

export type OpenNeeds = HoldingNeeds &
  ReserveNeeds & {
    texts: SendCodeNeeds
    prompts: StartNeeds
    write: Write<{ users: UserStore; signIns: SignInStore; audit: AuditLog }>
    settings: SettingsSource
    mayEnrol: MayEnrol
    clock: Clock
    random: Random
    ids: Ids
  }

/** The first step was given: a sign-in under way, which opens nothing but its next step. */
export async function openSignIn(
  needs: OpenNeeds,
  user: User,
  from: From,
  by: 'password' | 'proxy' = 'password',
): Promise<Answer<'beginSignIn'>> {
  const { settings, clock } = needs
  const current = settings.current()
  const enrolled = user.method !== undefined
  if (!enrolled && !(current['portal.allow_enrolment'] && (await needs.mayEnrol(user))))
    return { ok: false, refusal: 'enrolment.off' }

  const has = { ...(await holdingsOf(needs, user)), ...(await reservesOf(needs, user.id, current)) }
  const asked = decide(has, current)
  const now = clock.now()
  const begun = await insertSignIn(needs, user, { asked: enrolled ? asked : undefined, from, by, now })
  if (!begun) return { ok: false, refusal: 'credentials.wrong' }
  const { id, token } = begun
  // The method used last is offered first and starts by itself.
  const method = asked?.method
  const byReply = method === 'text' && isReplyMode(modeOf('text', user.modes, current))
  if (method === 'call' || method === 'app' || byReply) {
    await startPrompt(needs.prompts, { userId: user.id, id, purpose: 'sign-in' }, { method }, from)
  } else if (method === 'text' && user.phone && !lockOf(user, current['lock.budget'], now)) {
    await sendCode(needs.texts, { user, transactionId: id, purpose: 'second-step', phone: user.phone, from })
  }
  return { ok: true, value: { outcome: 'begun', session: token, next: enrolled ? 'second-step' : 'user-setup' } }
}

type Opening = { asked: ReturnType<typeof decide>; from: From; by: 'password' | 'proxy'; now: Date }

/** Undefined where they were disabled or removed while the directory was asked, as by a synchronisation. */
async function insertSignIn(
  { write, settings, random, ids }: OpenNeeds,
  { id: userId, method }: User,
  { asked, from: { address, userAgent }, by, now }: Opening,
): Promise<{ id: string; token: string } | undefined> {
  const id = ids.next()
  const token = newToken('si', random)
  const event = { at: now, userId, address, userAgent }
  return write(async ({ users, signIns, audit }) => {
    const user = await users.hold(userId)
    if (!user || !isAllowed(user, now)) {
      const what = by === 'proxy' ? 'sign-in.integrated-refused' : 'password.wrong'
      await audit.write({ what, ...event, facts: { why: 'disabled' } })
      return undefined
    }
    const expiresAt = new Date(now.getTime() + settings.current()['sign_in.minutes'] * 60_000)
    const stage = method === undefined ? 'user-setup' : 'second-step'
    await signIns.insert({ id, userId, stage, address, userAgent, expiresAt }, tokenHash(token), now)
    const what = by === 'proxy' ? 'sign-in.integrated' : 'password.right'
    await audit.write({
      what,
      ...event,
      facts: { asked: method === undefined ? 'user-setup' : asked?.method, reason: asked?.reason },
    })
    return { id, token }
  })
}
