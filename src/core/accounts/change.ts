import type { Answer, Input } from '../../contract/contract.ts'
import { type Language, languages } from '../../contract/languages.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From, SignedIn } from '../gate.ts'
import type { DeviceStore } from '../methods/app/device.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import type { PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import { holdingsOf } from '../policy/holdings.ts'
import { choosable } from '../policy/ways.ts'
import type { Clock, Write } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { UserStore } from '../users/user.ts'

type Stores = {
  users: UserStore
  tokens: TokenStore
  passkeys: PasskeyStore
  devices: DeviceStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
type Needs = {
  write: Write<Stores>
  notices: NoticeNeeds
  relyingParty: RelyingPartySource
  settings: SettingsSource
  clock: Clock
}

export async function chooseMethod(
  { write, relyingParty, notices, settings, clock }: Needs,
  who: SignedIn,
  { method }: Input<'chooseMethod'>,
  from: From,
): Promise<Answer<'chooseMethod'>> {
  const current = settings.current()
  if (!current['portal.allow_method']) return { ok: false, refusal: 'method.unavailable' }
  return write(async (stores) => {
    const { users, deliveries, audit } = stores
    const now = clock.now()
    const user = await users.hold(who.userId)
    const holdings = user && (await holdingsOf({ ...stores, relyingParty }, user))
    if (!holdings || !choosable(holdings, current).includes(method)) {
      return { ok: false, refusal: 'method.unavailable' }
    }
    await users.setMethod(user.id, method)
    const { address, userAgent } = from
    await audit.write({ what: 'method.chosen', at: now, userId: user.id, address, userAgent, facts: { method } })
    if (method !== user.method) await tellOf(notices, deliveries, user, { kind: 'method', address }, now)
    return { ok: true, value: { outcome: 'done' } }
  })
}

export async function chooseLanguage(
  { write, settings, clock }: Needs,
  who: SignedIn,
  { language }: Input<'chooseLanguage'>,
  from: From,
): Promise<Answer<'chooseLanguage'>> {
  if (!settings.current()['portal.allow_language'] || !languages.includes(language as Language)) {
    return { ok: false, refusal: 'language.unknown' }
  }
  await write(async ({ users, audit }) => {
    await users.setLanguage(who.userId, language)
    await audit.write({
      what: 'language.chosen',
      at: clock.now(),
      userId: who.userId,
      address: from.address,
      facts: { language },
    })
  })
  return { ok: true, value: { outcome: 'done' } }
}
