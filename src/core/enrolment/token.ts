import type { Answer, Input } from '../../contract/contract.ts'
import { toBase32 } from '../../protocols/base32.ts'
import { otpauthUri } from '../../protocols/otpauth-uri.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import type { DeviceStore } from '../methods/app/device.ts'
import { placeOf } from '../methods/oath/match.ts'
import {
  liveTokens,
  type OathToken,
  type Place,
  secretPlace,
  type TokenOffer,
  type TokenStore,
} from '../methods/oath/token.ts'
import type { PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import { holdingsOf } from '../policy/holdings.ts'
import { methodWithout, offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { User, UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { type FinishStores, finishSetup, SetupOver, unlessOver } from './finish.ts'

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
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
}

/** RFC 4226 section 4 asks for 128 bits at least and recommends 160. */
const SECRET_BYTES = 20
const OFFER_TRIES = 10
const OFFER_MS = 15 * 60_000

/** A new secret at each call, pending until proven; the ones shown before, in whatever window, are dead. */
export async function offerToken(needs: TokenNeeds, asker: Asker, from: From): Promise<Answer<'offerToken'>> {
  const { write, users, settings, notices, clock, random } = needs
  const current = settings.current()
  const user = await users.find(asker.userId)
  const allowed = asker.setup ? offered(current).includes('oath') : current['portal.allow_token']
  if (!user || !allowed) return { ok: false, refusal: 'method.unavailable' }

  const secret = random.bytes(SECRET_BYTES)
  const id = notices.ids.next()
  const asked: Asked = { asker, from, now: clock.now() }
  const offer: TokenOffer = {
    id,
    userId: user.id,
    transactionId: asker.transactionId,
    madeBy: 'us',
    kind: 'totp',
    sealedSecret: notices.sealing.seal(secret, secretPlace(id)),
    algorithm: current['oath.algorithm'],
    digits: current['oath.digits'],
    period: current['oath.seconds'],
    drift: 0,
    last: -1,
    attemptsLeft: OFFER_TRIES,
    expiresAt: new Date(asked.now.getTime() + OFFER_MS),
  }
  await write(async ({ tokens, audit }) => {
    await tokens.offer(offer)
    await audit.write(eventOf('token.offered', asked))
  })
  return { ok: true, value: shown(needs, user, offer, secret) }
}

/** The same secret again, for the session that it was made in, while it is unproven. */
export async function readTokenOffer(needs: TokenNeeds, asker: Asker): Promise<Answer<'readTokenOffer'>> {
  const { users, tokens, notices, clock } = needs
  const offer = await tokens.findOffer(asker.transactionId, clock.now())
  const user = await users.find(asker.userId)
  if (!offer || !user) return { ok: true, value: { outcome: 'gone' } }
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

/** The app's first code proves that the secret arrived. Its step is spent: the same code does not sign in afterwards. */
export async function confirmToken(
  needs: TokenNeeds,
  asker: Asker,
  { code }: Input<'confirmToken'>,
  from: From,
): Promise<Answer<'confirmToken'>> {
  const { write, settings, notices, clock } = needs
  const asked: Asked = { asker, from, now: clock.now() }
  return unlessOver(() =>
    write(async (stores) => {
      const offer = await stores.tokens.spendOfferAttempt(asker.transactionId, asked.now)
      if (!offer) return { ok: true, value: { outcome: 'gone' } }

      const secret = notices.sealing.open(offer.sealedSecret, secretPlace(offer.id))
      const seen = { secret, typed: code, window: settings.current()['oath.window'], now: asked.now }
      const place = placeOf({ ...offer, last: offer.last ?? -1 }, seen)
      if (place) return accept(needs, stores, { offer, place: { ...place, drift: 0 } }, asked)
      await stores.audit.write(eventOf('token.proof-wrong', asked))
      return { ok: true, value: { outcome: 'wrong', attemptsLeft: offer.attemptsLeft } }
    }),
  )
}

async function accept(
  needs: TokenNeeds,
  stores: TokenStores,
  { offer, place }: { offer: TokenOffer; place: Place },
  asked: Asked,
): Promise<Answer<'confirmToken'>> {
  const { asker, from, now } = asked
  const user = await stores.users.find(asker.userId)
  if (!user || !(await stores.tokens.accept(offer, place, now))) throw new SetupOver()

  await stores.audit.write(eventOf('token.added', asked))
  await tellOf(needs.notices, stores.deliveries, user, { kind: 'token-added', address: from.address }, now)
  if (!asker.setup) return { ok: true, value: { outcome: 'proven' } }

  const finish = { user, signInId: asker.transactionId, method: 'oath', from, now } as const
  const session = await finishSetup({ ...needs, ids: needs.notices.ids }, stores, finish)
  return { ok: true, value: { outcome: 'proven', session } }
}

/** Refused where it would leave the person without any way in. Another way that stays becomes the method asked first. */
export async function removeToken(needs: TokenNeeds, asker: Asker, from: From): Promise<Answer<'removeToken'>> {
  const { write, relyingParty, settings, notices, clock } = needs
  const asked: Asked = { asker, from, now: clock.now() }
  return write(async (stores) => {
    const { users, tokens, deliveries, audit } = stores
    const user = await users.hold(asker.userId)
    const own = user ? await liveTokens(tokens, user.id, asked.now) : []
    if (!user || !own.some(isApp)) return { ok: false, refusal: 'method.unavailable' }

    const holdings = await holdingsOf({ ...stores, relyingParty }, user)
    const next = own.every(isApp) ? methodWithout('oath', holdings, settings.current()) : user.method
    if (!next) return { ok: false, refusal: 'way-in.last' }

    await tokens.removeApp(user.id)
    if (next !== user.method) await users.setMethod(user.id, next)
    await audit.write(eventOf('token.removed', asked))
    await tellOf(notices, deliveries, user, { kind: 'token-removed', address: from.address }, asked.now)
    return { ok: true, value: { outcome: 'done' } }
  })
}

function isApp({ origin }: OathToken): boolean {
  return origin === 'app'
}
