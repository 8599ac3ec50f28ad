import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { ChallengeStore } from '../challenges/challenge.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import { judgeTextedCode } from '../methods/text/judge.ts'
import { type SendCodeNeeds, sendCode } from '../methods/text/send-code.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import { stampOf, type TextNeeds, viewText } from '../second-step/view.ts'
import { countryOf, nationalPhone, parsePhone } from '../users/phone.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { type FinishStores, finishSetup, SetupOver, unlessOver } from './finish.ts'

export type PhoneStores = FinishStores & { challenges: ChallengeStore; deliveries: DeliveryQueue; audit: AuditLog }
export type PhoneNeeds = {
  write: Write<PhoneStores>
  users: UserStore
  texts: SendCodeNeeds
  views: TextNeeds
  notices: NoticeNeeds
  clock: Clock
  random: Random
}

/** Texts a code to the number; nothing about the account changes until it came back. */
export async function provePhone(
  needs: PhoneNeeds,
  asker: Asker,
  { country, number }: Input<'provePhone'>,
  from: From,
): Promise<Answer<'provePhone'>> {
  const settings = needs.texts.settings.current()
  if (!offered(settings).includes('text')) return { ok: false, refusal: 'method.unavailable' }

  const phone = parsePhone(number, country, settings['phone.countries'])
  if (!phone.ok) return { ok: true, value: { outcome: 'refused', problem: phone.problem } }

  const user = await needs.users.find(asker.userId)
  if (!user) return { ok: false, refusal: 'method.unavailable' }
  const sent = await sendCode(needs.texts, {
    user,
    transactionId: asker.transactionId,
    purpose: 'phone-proof',
    phone: phone.e164,
    from,
  })
  return { ok: true, value: sent.outcome === 'wait' ? { outcome: 'wait', until: sent.until.toISOString() } : sent }
}

export async function readPhoneProof(
  { users, views, texts, clock }: PhoneNeeds,
  asker: Asker,
): Promise<Answer<'readPhoneProof'>> {
  const user = await users.find(asker.userId)
  const newest = await views.challenges.newest(asker.transactionId, 'phone-proof')
  const fallback = texts.settings.current()['company.country']
  const text = user && (await viewText(views, user, asker.transactionId, 'phone-proof', clock.now()))
  const number = newest ? nationalPhone(newest.phone) : ''
  const view = { text, country: (newest && countryOf(newest.phone)) ?? fallback, number }
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

async function accept(
  needs: PhoneNeeds,
  stores: PhoneStores,
  phone: string,
  asked: Asked,
): Promise<Answer<'confirmPhone'>> {
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
