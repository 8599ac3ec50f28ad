import type { Answer, Input } from '../../contract/contract.ts'
import { toBase32 } from '../../protocols/base32.ts'
import { otpauthUri } from '../../protocols/otpauth-uri.ts'
import { readSecret } from '../../protocols/token-secret.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import type { DeviceStore } from '../methods/app/device.ts'
import { type Rhythm, secretPlace, type TokenOffer, type TokenStore } from '../methods/oath/token.ts'
import type { PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import type { PinStore } from '../pin/pin.ts'
import { owesPin, pinMissing } from '../pin/wanted.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { User, UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import type { FinishStores } from './finish.ts'

export type TokenStores = FinishStores & {
  tokens: TokenStore
  passkeys: PasskeyStore
  devices: DeviceStore
  deliveries: DeliveryQueue
}
export type TokenNeeds = {
  write: Write<TokenStores>
  users: UserStore
  tokens: TokenStore
  relyingParty: RelyingPartySource
  pins: Pick<PinStore, 'findOf'>
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
}

/** RFC 4226 section 4 asks for 128 bits at least and recommends 160. */
const SECRET_LENGTH = 20
const OFFER_TRIES = 10
const OFFER_MS = 15 * 60_000

/** A new secret at each call, pending until proven; the ones shown before, in whatever window, are dead. */
export async function offerToken(needs: TokenNeeds, asker: Asker, from: From): Promise<Answer<'offerToken'>> {
  const { settings, random } = needs
  const user = await whoMay(needs, asker)
  if ('refusal' in user) return user

  const current = settings.current()
  const secret = random.bytes(SECRET_LENGTH)
  const offer = await openOffer(needs, asker, from, {
    secret,
    madeBy: 'us',
    algorithm: current['oath.algorithm'],
    digits: current['oath.digits'],
    last: -1,
    ...({ kind: 'totp', period: current['oath.seconds'], drift: 0 } as const),
  })
  return { ok: true, value: shown(needs, user, offer, secret) }
}

/** The secret of a token that the person has already. It is sealed as it comes, and not shown again. */
export async function enterToken(
  needs: TokenNeeds,
  asker: Asker,
  { secret: typed, kind, algorithm, digits, period, counter }: Input<'enterToken'>,
  from: From,
): Promise<Answer<'enterToken'>> {
  const user = await whoMay(needs, asker)
  if ('refusal' in user) return user
  const read = readSecret(typed)
  if (!read.ok) return { ok: true, value: { outcome: 'refused', problem: read.problem } }
  const next = counterOf(counter)
  if (next === 'malformed') return { ok: true, value: { outcome: 'refused', problem: 'counter' } }

  const rhythm = kind === 'hotp' ? { kind, last: next && next - 1 } : { kind, period, drift: 0, last: -1 }
  await openOffer(needs, asker, from, { secret: read.secret, madeBy: 'person', algorithm, digits, ...rhythm })
  return { ok: true, value: { outcome: 'entered' } }
}

/** Undefined: not known. */
function counterOf(typed: string): number | undefined | 'malformed' {
  const digits = typed.replace(/\s/g, '')
  if (digits === '') return undefined
  return /^\d{1,14}$/.test(digits) ? Number(digits) : 'malformed'
}

const unavailable = { ok: false, refusal: 'method.unavailable' } as const

async function whoMay(
  { users, pins, settings }: TokenNeeds,
  { userId, setup }: Asker,
): Promise<User | typeof unavailable | typeof pinMissing> {
  const current = settings.current()
  const user = await users.find(userId)
  if (!user) return unavailable
  if (!setup) return current['portal.allow_token'] ? user : unavailable
  if (!offered(current, user).includes('oath')) return unavailable
  return (await owesPin({ pins, settings: current }, user, 'oath')) ? pinMissing : user
}

type Offered = Pick<TokenOffer, 'madeBy' | 'algorithm' | 'digits' | 'last'> & Rhythm & { secret: Uint8Array }

async function openOffer(
  { write, notices, clock }: TokenNeeds,
  asker: Asker,
  from: From,
  { secret, ...rest }: Offered,
): Promise<TokenOffer> {
  const { userId, transactionId } = asker
  const id = notices.ids.next()
  const asked: Asked = { asker, from, now: clock.now() }
  const offer: TokenOffer = {
    id,
    userId,
    transactionId,
    sealedSecret: notices.sealing.seal(secret, secretPlace(id)),
    ...rest,
    attemptsLeft: OFFER_TRIES,
    expiresAt: new Date(asked.now.getTime() + OFFER_MS),
  }
  await write(async ({ tokens, audit }) => {
    await tokens.offer(offer)
    await audit.write(eventOf(offer.madeBy === 'us' ? 'token.offered' : 'token.entered', asked))
  })
  return offer
}

/** The same secret again, for the session that it was made in, while it is unproven. */
export async function readTokenOffer(needs: TokenNeeds, asker: Asker): Promise<Answer<'readTokenOffer'>> {
  const { users, tokens, notices, clock } = needs
  const offer = await tokens.findOffer(asker.transactionId, clock.now())
  const user = await users.find(asker.userId)
  if (!offer || !user) return { ok: true, value: { outcome: 'gone' } }
  if (offer.madeBy === 'person') {
    const { kind, digits, last } = offer
    return { ok: true, value: { outcome: 'entered', kind, digits, codes: last === undefined ? 2 : 1 } }
  }
  const secret = notices.sealing.open(offer.sealedSecret, secretPlace(offer.id))
  return { ok: true, value: { outcome: 'offered', ...shown(needs, user, offer, secret) } }
}

function shown(
  { settings }: TokenNeeds,
  user: User,
  offer: TokenOffer,
  secret: Uint8Array,
): { secret: string; uri: string } {
  const { algorithm, digits } = offer
  const period = offer.kind === 'totp' ? offer.period : 30
  const issuer = settings.current()['company.name']
  const uri = otpauthUri({ issuer, account: user.username, secret, algorithm, digits, period })
  return { secret: toBase32(secret), uri }
}
