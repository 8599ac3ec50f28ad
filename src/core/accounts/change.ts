import type { Answer, Input } from '../../contract/contract.ts'
import { isLanguage, speaking } from '../../contract/languages.ts'
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

/** Of one kind of message alone; or the person's own, and whatever was another follows it, so that no other is left unnoticed. */
export async function chooseLanguage(
  { write, settings, clock }: Needs,
  who: SignedIn,
  { language, of }: Input<'chooseLanguage'>,
  from: From,
): Promise<Answer<'chooseLanguage'>> {
  const isKnown = language === undefined ? of !== undefined : isLanguage(language)
  if (!settings.current()['portal.allow_language'] || !isKnown) return { ok: false, refusal: 'language.unknown' }
  await write(async ({ users, audit }) => {
    const user = await users.hold(who.userId)
    if (language !== undefined && of === undefined) await users.setLanguage(who.userId, language)
    const apart = speaking.filter((what) => (of === undefined ? user?.languages[what] !== undefined : what === of))
    for (const what of apart) await users.setLanguageOf(who.userId, what, language)
    await audit.write({
      what: 'language.chosen',
      at: clock.now(),
      userId: who.userId,
      address: from.address,
      facts: { language, of },
    })
  })
  return { ok: true, value: { outcome: 'done' } }
}
