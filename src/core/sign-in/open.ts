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
import type { User } from '../users/user.ts'
import type { MayEnrol } from './may-enrol.ts'

export type OpenNeeds = HoldingNeeds &
  ReserveNeeds & {
    texts: SendCodeNeeds
    prompts: StartNeeds
    write: Write<{ signIns: SignInStore; audit: AuditLog }>
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
  const { write, settings, clock, random, ids } = needs
  const current = settings.current()
  const enrolled = user.method !== undefined
  if (!enrolled && !(current['portal.allow_enrolment'] && (await needs.mayEnrol(user))))
    return { ok: false, refusal: 'enrolment.off' }

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
    await audit.write({
      what: by === 'proxy' ? 'sign-in.integrated' : 'password.right',
      at: now,
      userId: user.id,
      address,
      userAgent,
      facts,
    })
  })
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
