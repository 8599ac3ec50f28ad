import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { DeviceStore } from '../methods/app/device.ts'
import { resynchronise } from '../methods/oath/resync.ts'
import { liveTokens, type OathToken, type TokenStore } from '../methods/oath/token.ts'
import type { PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import { holdingsOf } from '../policy/holdings.ts'
import { methodWithout } from '../policy/ways.ts'
import type { Clock, Write } from '../ports.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { type UserStore, usernameKey } from '../users/user.ts'
import { enrolWithToken } from './enrol.ts'

type Stores = {
  users: UserStore
  tokens: TokenStore
  passkeys: PasskeyStore
  devices: DeviceStore
  sessions: SessionStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type HardwareNeeds = {
  write: Write<Stores>
  relyingParty: RelyingPartySource
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
}
type Which = Input<'revokeToken'>
type NotFound = { ok: false; refusal: 'token.unknown' | 'token.ambiguous' }

export async function assignToken(
  { write, notices, clock }: HardwareNeeds,
  { username, ...which }: Input<'assignToken'>,
): Promise<Answer<'assignToken'>> {
  const now = clock.now()
  const key = usernameKey(username)
  return write(async (stores) => {
    const { users, tokens, deliveries, audit } = stores
    const found = await findOne(tokens, which)
    if (!('id' in found)) return found
    if (found.revokedAt) return { ok: false, refusal: 'token.revoked' }
    const known = key === undefined ? undefined : await users.findByKey(key)
    const user = known && (await users.hold(known.id))
    if (!user) return { ok: false, refusal: 'user.unknown' }
    if (!(await tokens.assign(found.id, user.id, now))) return { ok: false, refusal: 'token.assigned' }

    await audit.write(eventOf('token.assigned', found, user.id, now))
    await enrolWithToken(stores, user.id, now)
    await tellOf(notices, deliveries, user, { kind: 'token-added' }, now)
    return { ok: true, value: { outcome: 'done' } }
  })
}

export async function unassignToken(needs: HardwareNeeds, which: Which): Promise<Answer<'unassignToken'>> {
  const now = needs.clock.now()
  return needs.write(async (stores) => {
    const found = await findOne(stores.tokens, which)
    if (!('id' in found)) return found
    if (!(await stores.tokens.unassign(found.id, now))) return { ok: false, refusal: 'token.unassigned' }
    await stores.audit.write(eventOf('token.unassigned', found, found.userId, now))
    return { ok: true, value: { outcome: 'done', ...(await afterLoss(needs, stores, found, now)) } }
  })
}

export async function revokeToken(needs: HardwareNeeds, which: Which): Promise<Answer<'revokeToken'>> {
  const now = needs.clock.now()
  return needs.write(async (stores) => {
    const found = await findOne(stores.tokens, which)
    if (!('id' in found)) return found
    if (!(await stores.tokens.revoke(found.id, now))) return { ok: false, refusal: 'token.revoked' }
    await stores.audit.write(eventOf('token.revoked', found, found.userId, now))
    return { ok: true, value: { outcome: 'done', ...(await afterLoss(needs, stores, found, now)) } }
  })
}

/** At the operator's word, who has the two codes from whoever holds the token; no try of anybody is at stake. */
export async function resyncTokenOf(
  { write, notices: { sealing }, clock }: HardwareNeeds,
  { first, second, ...which }: Input<'resyncTokenOf'>,
): Promise<Answer<'resyncTokenOf'>> {
  const now = clock.now()
  return write(async ({ tokens, audit }) => {
    const found = await findOne(tokens, which)
    if (!('id' in found)) return found
    if (found.revokedAt) return { ok: false, refusal: 'token.revoked' }
    const judgement = await resynchronise({ tokens, sealing }, { among: [found], codes: [first, second], now })
    if (judgement !== 'right') return { ok: true, value: { outcome: 'wrong' } }
    await audit.write(eventOf('token.resynchronised', found, found.userId, now))
    return { ok: true, value: { outcome: 'done' } }
  })
}

async function findOne(tokens: TokenStore, { serial, manufacturer }: Which): Promise<OathToken | NotFound> {
  const alike = await tokens.findBySerial(serial.trim())
  const meant = alike.filter((each) => manufacturer === undefined || (each.manufacturer ?? '') === manufacturer)
  const [only, ...others] = meant
  if (!only) return { ok: false, refusal: 'token.unknown' }
  return others.length === 0 ? only : { ok: false, refusal: 'token.ambiguous' }
}

/**
 * Whose last token went is asked in another way, if there is one. The token goes in any case: the operator takes it back for
 * a reason, and a lost one must not work a minute longer because its owner has nothing else. What is open ends: it may have
 * been opened by whoever found it.
 */
async function afterLoss(
  { relyingParty, settings, notices }: HardwareNeeds,
  stores: Stores,
  { userId }: OathToken,
  now: Date,
): Promise<{ username?: string; stranded: boolean }> {
  const user = userId === undefined ? undefined : await stores.users.hold(userId)
  if (!user) return { stranded: false }
  await stores.sessions.endAllOf(user.id, now)
  await tellOf(notices, stores.deliveries, user, { kind: 'token-removed' }, now)
  const { username } = user
  if ((await liveTokens(stores.tokens, user.id, now)).length > 0) return { username, stranded: false }

  const holdings = await holdingsOf({ ...stores, relyingParty }, user)
  const next = methodWithout('oath', { ...holdings, token: false }, settings.current())
  if (next && next !== user.method) await stores.users.setMethod(user.id, next)
  return { username, stranded: next === undefined }
}

function eventOf(what: EventName, { serial, manufacturer }: OathToken, userId: string | undefined, at: Date) {
  return { what, at, userId, facts: { serial, manufacturer, by: 'operator' } }
}
