import type { AuditLog } from '../../audit/audit.ts'
import type { ChallengeStore, Purpose } from '../../challenges/challenge.ts'
import { type DeliveryProgress, type DeliveryQueue, deliveryPlace } from '../../delivery/queue.ts'
import type { Wording } from '../../delivery/wording.ts'
import type { From } from '../../gate.ts'
import type { Clock, Ids, Random, Write } from '../../ports.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import { spendAll } from '../../throttle/spend-all.ts'
import { type Pace, paces, type ThrottleStore } from '../../throttle/throttle.ts'
import { languageFor } from '../../users/languages.ts'
import type { User } from '../../users/user.ts'

export const CODE_DIGITS = 6

type Stores = { challenges: ChallengeStore; deliveries: DeliveryQueue; throttle: ThrottleStore; audit: AuditLog }
export type SendCodeNeeds = {
  write: Write<Stores>
  sealing: Sealing
  wording: Wording
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
  /** Where the portal is reached, for the WebOTP line; undefined when not configured. */
  host: string | undefined
  /** Tells the dispatcher that there is work. */
  nudge(): void
}

export type CodeRequest = { user: User; transactionId: string; purpose: Purpose; phone: string; from: From }
export type Sent = { outcome: 'texted' } | { outcome: 'wait'; until: Date }

/** Texts a new code. It is queued in the same unit of work as its challenge, so neither is there without the other. */
export async function sendCode(needs: SendCodeNeeds, request: CodeRequest): Promise<Sent> {
  const { write, sealing, settings, clock, random, ids } = needs
  const { user, transactionId, purpose, phone } = request
  const now = clock.now()
  const current = settings.current()
  const expiresAt = new Date(now.getTime() + current['code.minutes'] * 60_000)
  const code = newCode(random)
  const id = ids.next()
  const deliveryId = ids.next()

  const sent = await write(async ({ challenges, deliveries, throttle, audit }): Promise<Sent> => {
    const record = (what: 'text.asked' | 'text.wait' | 'phone.proof-asked') =>
      audit.write({ what, at: now, userId: user.id, address: request.from.address, facts: { challenge: id } })

    const until = await spendAll(throttle, textBudgets(request), now)
    if (until) {
      await record('text.wait')
      return { outcome: 'wait', until }
    }
    await challenges.open({
      id,
      userId: user.id,
      transactionId,
      purpose,
      phone,
      codeMac: codeMac(sealing, id, code),
      attemptsLeft: current['code.tries'],
      createdAt: now,
      expiresAt,
      deliveryId,
    })
    const sealedBody = sealing.seal(bodyOf(needs, request, code), deliveryPlace(deliveryId))
    await deliveries.enqueue({
      id: deliveryId,
      kind: 'text',
      to: phone,
      sealedBody,
      deadline: expiresAt,
      createdAt: now,
    })
    await record(purpose === 'phone-proof' ? 'phone.proof-asked' : 'text.asked')
    return { outcome: 'texted' }
  })
  if (sent.outcome === 'texted') needs.nudge()
  return sent
}

export function newCode(random: Random): string {
  return String(random.below(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
}

export function codeMac(sealing: Sealing, challengeId: string, code: string): string {
  return sealing.mac('challenge-code', challengeId, code)
}

/**
 * Toll fraud asks for many texts: to one number, to numbers of one prefix, by one account. Each is bounded. Whoever asks
 * to prove a number that is another person's does not use up that person's texts at sign-in.
 */
export function textBudgets({
  user,
  purpose,
  phone,
}: Pick<CodeRequest, 'user' | 'purpose' | 'phone'>): [string, Pace][] {
  const ofUser: [string, Pace][] = [
    [textsOfUserKey(user.id), paces.textsOfUser],
    [`texts-of-day:${user.id}`, paces.textsOfDay],
  ]
  if (purpose === 'second-step') return [...ofUser, [signInTextsKey(phone), paces.textsToNumber]]
  return [
    ...ofUser,
    [`proofs-to:${phone}`, paces.textsToNumber],
    [`proofs-of:${phone.slice(0, -4)}`, paces.proofsOfPrefix],
  ]
}

function signInTextsKey(phone: string): string {
  return `texts-to:${phone}`
}

/** Whose code came back may ask anew: the paces count texts since the last success, or a day of sign-ins would end them. */
export async function forgetTexts(throttle: ThrottleStore, user: Pick<User, 'id' | 'phone'>): Promise<void> {
  await throttle.forget(textsOfUserKey(user.id))
  if (user.phone) await throttle.forget(signInTextsKey(user.phone))
}

export function textsOfUserKey(userId: string): string {
  return `texts-of:${userId}`
}

function bodyOf({ wording, settings, host }: SendCodeNeeds, { user, from }: CodeRequest, code: string): string {
  const current = settings.current()
  const language = languageFor('text', user, current, from)
  return wording.code({ language, company: current['company.name'], code, minutes: current['code.minutes'], host })
}

/** Where a text stands, for whoever waits for it. */
export function sendingOf(state: DeliveryProgress | undefined): 'sending' | 'sent' | 'failed' {
  if (state === 'sent') return 'sent'
  return state === 'queued' ? 'sending' : 'failed'
}
