import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditReader } from '../audit/audit.ts'
import { ownEvents } from '../audit/events.ts'
import type { SignedIn } from '../gate.ts'
import { isLive, type OathToken } from '../methods/oath/token.ts'
import type { PinStore } from '../pin/pin.ts'
import { type HoldingNeeds, holdingsOf } from '../policy/holdings.ts'
import { asksPin, isModed, modeOf } from '../policy/modes.ts'
import { promptedAfterSetup } from '../policy/prompted.ts'
import type { ReserveNeeds } from '../policy/reserves.ts'
import { choosable, offered } from '../policy/ways.ts'
import type { Clock } from '../ports.ts'
import type { Settings, SettingsSource } from '../settings/settings.ts'
import { readablePhone } from '../users/phone.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'

/** Enough to tell one's own tokens apart, and not enough to read the number off a screen. */
const SHOWN_OF_SERIAL = 4

type Needs = HoldingNeeds &
  ReserveNeeds & {
    users: UserStore
    pins: PinStore
    activity: AuditReader
    settings: SettingsSource
    clock: Clock
  }

/** The account page. The user is the session's, never one that the request names. */
export async function readAccount(needs: Needs, who: SignedIn): Promise<Answer<'readAccount'>> {
  const { users, tokens, passkeys, recoveryCodes, securityAnswers, pins, settings, clock } = needs
  const user = await users.find(who.userId)
  if (!user?.method) return { ok: false, refusal: 'caller.refused' }

  const current = settings.current()
  const own = await tokens.listOf(user.id)
  const token = own.find(({ origin }) => origin === 'app')
  const hardware = own.filter(({ origin }) => origin === 'hardware')
  const holdings = await holdingsOf(needs, user)
  const pin = await pins.findOf(user.id)
  const freshSince = clock.now().getTime() - current['proof.fresh_minutes'] * 60_000
  return {
    ok: true,
    value: {
      username: user.username,
      displayName: nameOf(user),
      mail: user.mail,
      method: user.method,
      methods: choosable(holdings, current),
      mayChoose: current['portal.allow_method'],
      language: user.language,
      languages: user.languages,
      mayChooseLanguage: current['portal.allow_language'],
      phone: user.phone && readablePhone(user.phone),
      phoneExtension: user.phoneExtension,
      mayChangePhone: offered(current, user).includes('text'),
      backupPhone: user.backupPhone && readablePhone(user.backupPhone),
      backupExtension: user.backupExtension,
      mayCall: offered(current, user).includes('call') || user.method === 'call',
      token: token && timesOf(token),
      hardwareTokens: hardware.map((each) => hardwareOf(each, clock.now())),
      mayAddToken: current['portal.allow_token'],
      passkeys: (await passkeys.listOf(user.id)).length,
      mayAddPasskey: offered(current, user).includes('passkey'),
      questions: current['portal.questions_fallback'] ? (await securityAnswers.allOf(user.id)).length : undefined,
      recoveryCodes: current['portal.recovery_codes'] ? await recoveryCodes.countOf(user.id) : undefined,
      prompted: promptedAfterSetup(
        { method: user.method, backupPhone: user.backupPhone !== undefined, token: token !== undefined },
        current,
      ),
      pin: pin && { setAt: pin.setAt.toISOString() },
      pinAsked: pinAskedOf(user, current, holdings.token),
      proofFresh: who.provenAt.getTime() >= freshSince,
    },
  }
}

function timesOf({ kind, addedAt, usedAt }: OathToken) {
  return { kind, addedAt: addedAt.toISOString(), usedAt: usedAt?.toISOString() }
}

function hardwareOf(token: OathToken, now: Date) {
  const { serial = '', model } = token
  return { ...timesOf(token), serialEnd: serial.slice(-SHOWN_OF_SERIAL), model, live: isLive(token, now) }
}

/** By the methods that are the person's, and not by those that might become so. */
function pinAskedOf({ method, modes }: User, settings: Settings, hasToken: boolean): boolean {
  const own = hasToken ? [method, 'oath'] : [method]
  return own.some((name) => name !== undefined && isModed(name) && asksPin(modeOf(name, modes, settings)))
}

export async function listActivity(
  { activity }: Needs,
  who: SignedIn,
  { before, most }: Input<'listActivity'>,
): Promise<Answer<'listActivity'>> {
  const since = before === undefined ? undefined : Number(before)
  if (since !== undefined && !Number.isSafeInteger(since)) return { ok: false, refusal: 'input.malformed' }

  const events = await activity.ofUser(who.userId, ownEvents, since, most + 1)
  const page = events.slice(0, most).map(({ seq, at, what, address, userAgent, facts }) => ({
    id: String(seq),
    at: at.toISOString(),
    event: what,
    method: typeof facts?.method === 'string' ? facts.method : undefined,
    address,
    userAgent,
  }))
  return { ok: true, value: { events: page, more: events.length > most } }
}
