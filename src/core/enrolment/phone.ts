import type { z } from 'zod'
import type { Answer, Input } from '../../contract/contract.ts'
import type { Proven } from '../../contract/factors.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { ChallengeStore } from '../challenges/challenge.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import { type AskNeeds, askByText } from '../methods/text/ask.ts'
import { judgeTextedCode } from '../methods/text/judge.ts'
import { type SendCodeNeeds, sendCode } from '../methods/text/send-code.ts'
import { type AskedTextViewNeeds, viewAskedText } from '../methods/text/view-asked.ts'
import { modeNow } from '../pin/mode-now.ts'
import type { PinStore } from '../pin/pin.ts'
import { owesPin, pinMissing } from '../pin/wanted.ts'
import { isReplyMode, type ReplyMode } from '../policy/modes.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import type { PromptStore } from '../prompts/prompt.ts'
import { stampOf, type TextNeeds, viewText } from '../second-step/view.ts'
import { countryOf, nationalPhone, parsePhone } from '../users/phone.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { type FinishStores, finishSetup, SetupOver, unlessOver } from './finish.ts'

export type PhoneStores = FinishStores & {
  challenges: ChallengeStore
  prompts: PromptStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type PhoneNeeds = {
  write: Write<PhoneStores>
  users: UserStore
  texts: SendCodeNeeds
  asking: AskNeeds
  pins: PinStore
  views: TextNeeds & AskedTextViewNeeds
  notices: NoticeNeeds
  clock: Clock
  random: Random
}

/**
 * Texts a code to the number; nothing about the account changes until it came back: typed, or as a reply where the person
 * is to reply at sign-in too, which shows that replies from that phone arrive.
 */
export async function provePhone(
  needs: PhoneNeeds,
  asker: Asker,
  { country, number }: Input<'provePhone'>,
  from: From,
): Promise<Answer<'provePhone'>> {
  const settings = needs.texts.settings.current()
  const user = await needs.users.find(asker.userId)
  if (!user || !offered(settings, user).includes('text')) return { ok: false, refusal: 'method.unavailable' }
  if (asker.setup && (await owesPin({ pins: needs.pins, settings }, user, 'text'))) return pinMissing

  const phone = parsePhone(number, country, settings['phone.countries'])
  if (!phone.ok) return { ok: true, value: { outcome: 'refused', problem: phone.problem } }

  const about = { user, transactionId: asker.transactionId, purpose: 'phone-proof', phone: phone.e164, from } as const
  const mode = await proofMode(needs, user)
  const sent = await (mode ? askByText(needs.asking, { ...about, mode }) : sendCode(needs.texts, about))
  const wait = sent.outcome === 'wait' ? ({ outcome: 'wait', until: sent.until.toISOString() } as const) : undefined
  return { ok: true, value: wait ?? { outcome: 'texted' } }
}

/**
 * What is to be replied, where it is. Never the number on the screen: the sender of a text can be forged, and a code shows
 * that the phone got ours.
 */
async function proofMode(
  { pins, texts: { settings } }: PhoneNeeds,
  user: User,
): Promise<Exclude<ReplyMode, 'two-way-number'> | undefined> {
  const mode = await modeNow({ pins, settings }, 'text', user)
  if (!isReplyMode(mode)) return undefined
  return mode === 'two-way-number' ? 'two-way' : mode
}

export async function readPhoneProof(needs: PhoneNeeds, asker: Asker): Promise<Answer<'readPhoneProof'>> {
  const { users, views, texts, clock } = needs
  const { transactionId } = asker
  const user = await users.find(asker.userId)
  const byReply = user !== undefined && (await proofMode(needs, user)) !== undefined
  const asked = byReply ? views.prompts : views.challenges
  const newest = await asked.newest(transactionId, 'phone-proof')
  const text = user && !byReply ? await viewText(views, user, transactionId, 'phone-proof', clock.now()) : undefined
  const reply = byReply ? await viewAskedText(views, transactionId, 'phone-proof', clock.now()) : undefined
  const country = (newest && countryOf(newest.phone)) ?? texts.settings.current()['company.country']
  const view = { byReply, text, reply, country, number: newest ? nationalPhone(newest.phone) : '' }
  return { ok: true, value: { displayName: user ? nameOf(user) : '', ...view, stamp: stampOf(view) } }
}

/** The code came back: the number is the person's own, and counts from now on. */
export async function confirmPhone(
  needs: PhoneNeeds,
  asker: Asker,
  { code }: Input<'confirmPhone'>,
  from: From,
): Promise<Answer<'confirmPhone'>> {
  const { write, texts, clock } = needs
  const asked: Asked = { asker, from, now: clock.now() }
  return unlessOver(() =>
    write(async (stores) => {
      const asking = {
        transactionId: asker.transactionId,
        purpose: 'phone-proof',
        typed: code,
        now: asked.now,
      } as const
      const { judgement, attemptsLeft, phone } = await judgeTextedCode({ ...stores, sealing: texts.sealing }, asking)
      if (judgement === 'right' && phone !== undefined) return accept(needs, stores, phone, asked)

      await stores.audit.write(eventOf('phone.proof-wrong', asked))
      return { ok: true, value: judgement === 'wrong' ? { outcome: 'wrong', attemptsLeft } : { outcome: 'gone' } }
    }),
  )
}

/** The reply came and was right: the same. */
export async function finishPhoneProof(
  needs: PhoneNeeds,
  asker: Asker,
  from: From,
): Promise<Answer<'finishPhoneProof'>> {
  const asked: Asked = { asker, from, now: needs.clock.now() }
  return unlessOver(() =>
    needs.write(async (stores) => {
      const user = await stores.users.hold(asker.userId)
      const prompt = user && (await stores.prompts.use(asker.transactionId, 'phone-proof', asked.now))
      if (prompt?.method !== 'text' || prompt.userId !== asker.userId) return { ok: true, value: { outcome: 'gone' } }
      return accept(needs, stores, prompt.phone, asked)
    }),
  )
}

async function accept(
  needs: PhoneNeeds,
  stores: PhoneStores,
  phone: string,
  asked: Asked,
): Promise<{ ok: true; value: z.input<typeof Proven> }> {
  const { asker, from, now } = asked
  const before = await stores.users.find(asker.userId)
  if (!before) throw new SetupOver()

  await stores.users.setPhone(asker.userId, phone)
  await stores.audit.write(eventOf('phone.proven', asked))
  await tell(needs, stores, before, phone, asked)
  if (!asker.setup) return { ok: true, value: { outcome: 'proven' } }

  const finish = { user: before, signInId: asker.transactionId, method: 'text', from, now } as const
  const session = await finishSetup({ ...needs.texts, random: needs.random }, stores, finish)
  return { ok: true, value: { outcome: 'proven', session } }
}

async function tell(
  { notices }: PhoneNeeds,
  { deliveries }: PhoneStores,
  before: User,
  phone: string,
  { from, now }: Asked,
): Promise<void> {
  const change = { kind: 'phone', newNumber: phone, address: from.address } as const
  if (before.phone !== phone) await tellOf(notices, deliveries, before, change, now)
}
