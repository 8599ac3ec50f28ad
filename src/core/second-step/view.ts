import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { Method, TextedCode } from '../../contract/shapes.ts'
import type { SecondStep } from '../../contract/sign-in.ts'
import type { Challenge, ChallengeStore, Purpose } from '../challenges/challenge.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import { type AppViewNeeds, viewApp } from '../methods/app/view.ts'
import { CODE_DIGITS, sendingOf, textsOfUserKey } from '../methods/text/send-code.ts'
import { type AskedTextViewNeeds, viewAskedText } from '../methods/text/view-asked.ts'
import { modeNow } from '../pin/mode-now.ts'
import type { PinStore } from '../pin/pin.ts'
import { type HoldingNeeds, holdingsOf } from '../policy/holdings.ts'
import { asksPin, isReplyMode } from '../policy/modes.ts'
import { type ReserveNeeds, reservesOf } from '../policy/reserves.ts'
import { decide } from '../policy/ways.ts'
import type { Clock } from '../ports.ts'
import { type CallViewNeeds, viewCall } from '../prompts/view.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { PaceReader } from '../throttle/throttle.ts'
import { maskedPhone } from '../users/phone.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'
import { lockOf } from './lock.ts'

type Needs = {
  users: UserStore
  settings: SettingsSource
  clock: Clock
  pins: PinStore
} & HoldingNeeds &
  ReserveNeeds &
  TextNeeds &
  Pick<CallViewNeeds, 'prompts' | 'calls'> &
  Pick<AppViewNeeds, 'asks'> &
  Pick<AskedTextViewNeeds, 'askedTexts'>
export type TextNeeds = { challenges: ChallengeStore; deliveries: DeliveryQueue; paces: PaceReader }

/** The sign-in or the session on whose behalf a second step is asked. */
export type Transaction = { userId: string; id: string; purpose: 'sign-in' | 'step-up' }

/** What is asked of the person now, and how far it is. Undefined when the person has no way left. */
export async function viewSecondStep(
  needs: Needs,
  { userId, id, purpose }: Transaction,
  wanted: Method | undefined,
): Promise<z.input<typeof SecondStep> | undefined> {
  const { users, settings, clock } = needs
  const user = await users.find(userId)
  if (!user) return undefined

  const now = clock.now()
  const current = settings.current()
  const has = { ...(await holdingsOf(needs, user)), ...(await reservesOf(needs, user.id, current)) }
  const decision = decide(has, current, wanted)
  if (!decision) return undefined
  const { method, ways } = decision

  const call = method === 'call' ? await viewCall(needs, id, 'second-step', now) : undefined
  const app = method === 'app' ? await viewApp(needs, id, 'second-step', now) : undefined
  const textMode = method === 'text' ? await modeNow(needs, 'text', user) : undefined
  const byReply = textMode !== undefined && isReplyMode(textMode)
  const text = textMode && !byReply ? await viewText(needs, user, id, 'second-step', now) : undefined
  const reply = byReply ? await viewAskedText(needs, id, 'second-step', now) : undefined
  const typedMode = method === 'oath' ? await modeNow(needs, 'oath', user) : byReply ? undefined : textMode
  const locked = lockOf(user, current['lock.budget'], now)
  const view = {
    purpose,
    displayName: nameOf(user),
    method,
    otherWays: ways.filter((way) => way !== method),
    pin: typedMode !== undefined && asksPin(typedMode),
    textMode,
    text,
    reply,
    call,
    app,
    questions: method === 'questions' ? await questionsOf(needs, user) : undefined,
    locked,
  }
  return { ...view, stamp: stampOf(view) }
}

/** In the words in which they were answered, and in their order. */
async function questionsOf({ securityAnswers }: Pick<Needs, 'securityAnswers'>, { id }: User) {
  const chosen = await securityAnswers.allOf(id)
  return chosen.map(({ questionId, question }) => ({ id: questionId, question }))
}

/** The code on its way, while it is good; undefined when there is none. */
export async function viewText(
  { challenges, deliveries, paces }: TextNeeds,
  user: User,
  transactionId: string,
  purpose: Purpose,
  now: Date,
): Promise<z.input<typeof TextedCode> | undefined> {
  const challenge = await challenges.findOpen(transactionId, purpose, now)
  if (!challenge || (purpose === 'second-step' && challenge.phone !== user.phone)) return undefined
  return {
    maskedNumber: maskedPhone(challenge.phone),
    digits: CODE_DIGITS,
    sending: sendingOf(await deliveries.progressOf(challenge.deliveryId)),
    expiresAt: challenge.expiresAt.toISOString(),
    againAt: (await againAt(paces, user, challenge)).toISOString(),
  }
}

async function againAt(paces: PaceReader, user: User, { createdAt }: Challenge): Promise<Date> {
  const next = await paces.nextAt(textsOfUserKey(user.id))
  return next && next > createdAt ? next : createdAt
}

/** Differs whenever the page would look different. */
export function stampOf(view: object): string {
  return createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22)
}
