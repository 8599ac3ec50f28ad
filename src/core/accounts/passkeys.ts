import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From, SignedIn } from '../gate.ts'
import type { DeviceStore } from '../methods/app/device.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import { nameFrom, type PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import { holdingsOf } from '../policy/holdings.ts'
import { methodWithout } from '../policy/ways.ts'
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
  passkeys: PasskeyStore
  relyingParty: RelyingPartySource
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
}

const unknown = { ok: false, refusal: 'passkey.unknown' } as const
const done = { ok: true, value: { outcome: 'done' } } as const

/** The user is the session's, here and below: another person's passkey is not there. */
export async function listPasskeys({ passkeys }: Needs, who: SignedIn): Promise<Answer<'listPasskeys'>> {
  const own = await passkeys.listOf(who.userId)
  const shown = own.map(({ id, name, addedAt, usedAt, backup }) => ({
    id,
    name,
    addedAt: addedAt.toISOString(),
    usedAt: usedAt?.toISOString(),
    synced: backup === 'done',
  }))
  return { ok: true, value: { passkeys: shown } }
}

export async function renamePasskey(
  { write, clock }: Needs,
  who: SignedIn,
  { id, name }: Input<'renamePasskey'>,
  from: From,
): Promise<Answer<'renamePasskey'>> {
  return write(async ({ passkeys, audit }) => {
    if (!(await passkeys.rename(who.userId, id, nameFrom(name)))) return unknown
    await audit.write(eventOf('passkey.renamed', who, from, clock.now()))
    return done
  })
}

/** Refused where it would leave the person without any way in. Another way that stays becomes the method asked first. */
export async function removePasskey(
  needs: Needs,
  who: SignedIn,
  { id }: Input<'removePasskey'>,
  from: From,
): Promise<Answer<'removePasskey'>> {
  const { write, settings, notices, relyingParty, clock } = needs
  const now = clock.now()
  return write(async (stores) => {
    const user = await stores.users.hold(who.userId)
    const own = await stores.passkeys.listOf(who.userId)
    if (!user || !own.some((passkey) => passkey.id === id)) return unknown

    const holdings = await holdingsOf({ ...stores, relyingParty }, user)
    const method = own.length > 1 ? user.method : methodWithout('passkey', holdings, settings.current())
    if (!method) return { ok: false, refusal: 'way-in.last' }

    await stores.passkeys.remove(user.id, id)
    if (method !== user.method) await stores.users.setMethod(user.id, method)
    await stores.audit.write(eventOf('passkey.removed', who, from, now))
    await tellOf(notices, stores.deliveries, user, { kind: 'passkey-removed', address: from.address }, now)
    return done
  })
}

function eventOf(what: EventName, { userId }: SignedIn, { address, userAgent }: From, at: Date) {
  return { what, at, userId, address, userAgent }
}
