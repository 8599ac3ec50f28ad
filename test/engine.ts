import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import * as others from 'otpauth'
import { type Engine, type EngineNeeds, openEngine } from '../src/app/engine.ts'
import type { Call } from '../src/contract/caller.ts'
import type { Sender } from '../src/core/delivery/sender.ts'
import type { Directory } from '../src/core/directory.ts'
import type { PushService } from '../src/core/methods/app/push.ts'
import type { Log } from '../src/core/ports.ts'
import { readSettings } from '../src/core/settings/settings.ts'
import type { PeopleSource } from '../src/core/sync/source.ts'
import type { DirectoryKind } from '../src/core/users/user.ts'
import { mailSimulator } from '../src/outbound/delivery/mail/simulator.ts'
import { phoneSimulator } from '../src/outbound/delivery/sms/simulator.ts'
import type { CallSimulator } from '../src/outbound/delivery/voice/simulator.ts'
import { localDirectory } from '../src/outbound/directory/local.ts'
import type { Database } from '../src/storage/sql/database.ts'
import { sql } from '../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../src/system.ts'
import { quickArgon2id } from './quick-hasher.ts'

export const noon = new Date('2026-11-24T12:00:00Z')
export const password = 'sallyport-demo'
const YEAR_MS = 365 * 24 * 3_600_000
/** On a machine that has much else to do. Nobody waits so long where what is waited for comes. */
export const MAY_TAKE_MS = 30_000
export const silent: Log = { info() {}, warn() {}, error() {} }

/** A clock that tests turn by hand. It also ticks by a millisecond at each look, so that the order of things shows. */
export function handClock(start = noon) {
  let at = start.getTime()
  return {
    now: () => new Date(at++),
    advance(minutes: number) {
      at += minutes * 60_000
    },
  }
}

/** To whom passkeys belong here; the portal of `portal/world.ts` is at this address. */
export const site = { id: 'portal.test', origin: 'https://portal.test' } as const

type Options = {
  settings?: Record<string, unknown>
  masterKey?: Uint8Array
  clock?: ReturnType<typeof handClock>
  /** In place of local passwords; people are then added by name, as an import does. */
  directory?: Directory
  /** Of what kind it is, where that matters. */
  directoryKind?: DirectoryKind
  groups?: EngineNeeds['groups']
  /** Whom to import; as users of the directory's kind. */
  people?: PeopleSource
  /** Made around the directory that is there. */
  around?: (directory: Directory) => Directory
  /** Phones of another engine on the same database. */
  phones?: ReturnType<typeof phoneSimulator>
  /** Where the operator's log goes; nowhere by default. */
  log?: Log
  /** Who passkeys belong to, if not the portal at its address; undefined where it has none. */
  relyingParty?: () => undefined
  /** Who sends texts and places calls, in place of the simulators. */
  providers?: Pick<EngineNeeds, 'senders' | 'callers' | 'onCircuit'>
  /** Phones that ring; without them nobody is offered a call. */
  voice?: CallSimulator
  /** Who takes mails in place of the simulated mailboxes; none: no mail server is configured. */
  mailers?: readonly Sender[]
  /** Wakes devices up; without it they ask by themselves. */
  pushService?: PushService
  /** Hash by argon2id itself, as the product does. Default: by something quick. */
  atFullCost?: boolean
  /** False where the database has its people already. */
  seeded?: boolean
}

/**
 * The engine on a database, at noon, with Alice (text message), Bob (not enrolled) and the phone simulator. `tick` gives
 * what is queued to the simulator.
 */
export async function engineWorld(
  database: Database,
  {
    settings: given = {},
    masterKey = randomBytes(32),
    clock = handClock(),
    directory,
    seeded = true,
    ...opts
  }: Options = {},
) {
  const read = readSettings(given)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  const ids = systemIds(clock, systemRandom)
  const phones = opts.phones ?? phoneSimulator({ clock, ids })
  const mails = mailSimulator({ clock })
  const { mailers = [mails], around = (each) => each } = opts
  const waiting = new Set<() => void>()
  const engine: Engine = await openEngine({
    database,
    masterKey,
    settings: read.settings,
    directoryKind: directory ? (opts.directoryKind ?? 'ldap') : 'local',
    directory: (local) => around(directory ?? localDirectory(local)),
    ...(opts.groups && { groups: opts.groups }),
    senders: [phones],
    mail: mailers.length > 0 ? { senders: mailers, portal: () => 'https://portal.test/MultiFactorAuth/' } : undefined,
    callers: opts.voice ? [opts.voice.caller] : [],
    ...opts.providers,
    people: opts.people && { people: opts.people, kind: opts.directoryKind ?? 'ldap' },
    relyingParty: opts.relyingParty ?? (() => site),
    pushService: opts.pushService,
    appUrl: () => `${site.origin}/authenticator/`,
    log: opts.log ?? silent,
    clock,
    random: systemRandom,
    ids,
    floorMs: 0,
    lookMs: 100,
    toWriteMs: YEAR_MS,
    argon2id: opts.atFullCost ? undefined : quickArgon2id,
    onTextOutcome: () => {
      for (const wake of waiting) wake()
    },
  })
  after(() => engine.close())
  opts.voice?.connect(engine.calls)
  const { api } = engine
  const from: Call = { address: '192.0.2.7', userAgent: 'test' }
  const operator: Call = { console: true }

  /**
   * The text that comes of it, and its code. A notice of a moment ago may come in between, so all that is on its way to that
   * phone is waited for; with `coded` a notice alone is not enough.
   */
  async function codeAfter<T>(
    phone: string,
    act: () => Promise<T>,
    { coded = false } = {},
  ): Promise<{ value: T; code: string }> {
    const before = phones.messages(phone).length
    const value = await act()
    const deadline = Date.now() + MAY_TAKE_MS
    const arrived = () => {
      const all = phones.messages(phone)
      const fresh = all.slice(0, all.length - before)
      return fresh.find(({ code }) => code !== undefined) ?? (coded ? undefined : fresh[0])
    }
    while (!arrived() || (await isOnItsWay(phone))) {
      if (Date.now() > deadline) throw new Error(`no text arrived at ${phone}`)
      await new Promise<void>((wake) => {
        waiting.add(wake)
        setTimeout(wake, 50)
      })
    }
    return { value, code: arrived()?.code ?? '' }
  }

  async function isOnItsWay(phone: string): Promise<boolean> {
    const due = await database.rows(sql`SELECT id FROM delivery
      WHERE state = 'queued' AND next_at <= ${clock.now().getTime()} AND kind = 'text' AND recipient = ${phone} LIMIT 1`)
    return due.length > 0
  }

  /** Waits for a text that says so: notices come when they come, and others may be on their way. */
  async function heard(phone: string, saying: RegExp): Promise<void> {
    const deadline = Date.now() + MAY_TAKE_MS
    while (!phones.messages(phone).some(({ text }) => saying.test(text))) {
      if (Date.now() > deadline) throw new Error(`${phone} was never told ${saying}`)
      await new Promise((wake) => setTimeout(wake, 20))
    }
  }

  /** Texts with a code to that phone, or to any. */
  const codedTexts = (phone?: string) => phones.messages(phone).filter(({ code }) => code !== undefined).length

  async function add(
    username: string,
    extra: { phone?: string; method?: 'text' | 'call'; mail?: string; displayName?: string; language?: string } = {},
  ): Promise<void> {
    const added = await api.addUser(operator, { username, ...(directory ? {} : { password }), ...extra })
    if (!added.ok) throw new Error(added.refusal)
  }

  async function begin(username: string, call: Call = from, given = password): Promise<string> {
    const answer = await api.beginSignIn(call, { username, password: given })
    if (!answer.ok || answer.value.outcome !== 'begun') throw new Error(`not begun: ${JSON.stringify(answer)}`)
    return answer.value.session
  }

  /** Through both steps by text, to a session. */
  async function signIn(username: string, phone: string): Promise<string> {
    const { value, code } = await codeAfter(phone, () => begin(username), { coded: true })
    const answer = await api.answerSecondStep({ ...from, session: value }, { method: 'text', code })
    if (!answer.ok || answer.value.outcome !== 'passed') throw new Error(`not passed: ${JSON.stringify(answer)}`)
    return answer.value.session
  }

  /** Olga, whose PIN the operator has set: by text and PIN, up to the choice of another. Those before her are signed out. */
  async function toNewPin(): Promise<string> {
    const olga = { username: 'olga', phone: olgaPhone, method: 'text' } as const
    await api.addUser(operator, { ...olga, ...(directory ? {} : { password }) })
    await api.setMode(operator, { username: 'olga', method: 'text', mode: 'one-way-pin' })
    const set = await api.setPin(operator, { username: 'olga', mustChange: true })
    if (!set.ok || set.value.outcome !== 'set') throw new Error(`no PIN: ${JSON.stringify(set)}`)
    const { value: session, code } = await codeAfter(olga.phone, () => begin('olga'), { coded: true })
    const given = { method: 'text', code, pin: set.value.made } as const
    const answer = await api.answerSecondStep({ ...from, session }, given)
    if (!answer.ok || answer.value.outcome !== 'new-pin') throw new Error(`not there: ${JSON.stringify(answer)}`)
    return answer.value.session
  }

  /** Gives the person of a session an authenticator app; `uri` is what it holds. User Setup ends with a new session. */
  async function proveToken(session: string): Promise<{ session: string; uri: string; code: string }> {
    const call = { ...from, session }
    const offer = await api.offerToken(call, {})
    if (!offer.ok) throw new Error(offer.refusal)
    const code = shownBy(offer.value.uri, clock.now())
    const answer = await api.confirmToken(call, { code })
    if (!answer.ok || answer.value.outcome !== 'proven') throw new Error(`not proven: ${JSON.stringify(answer)}`)
    return { session: answer.value.session ?? session, uri: offer.value.uri, code }
  }

  /** Through User Setup with an authenticator app, to a session. */
  const enrolToken = async (username: string) => proveToken(await begin(username))

  if (seeded) {
    await add('alice', { phone: '+12065550100', method: 'text' })
    await add('bob')
  }
  return {
    engine,
    api,
    database,
    clock,
    phones,
    mails,
    from,
    operator,
    add,
    begin,
    codeAfter,
    heard,
    codedTexts,
    signIn,
    toNewPin,
    proveToken,
    enrolToken,
    masterKey,
  }
}

/** What an authenticator app that took the QR picture shows, `steps` time steps from then. */
export function shownBy(uri: string, at: Date, steps = 0): string {
  const app = others.URI.parse(uri)
  if (!(app instanceof others.TOTP)) throw new Error('not by time')
  return app.generate({ timestamp: at.getTime() + steps * app.period * 1_000 })
}

export const alicePhone = '+12065550100'
/** Of whom `toNewPin` makes. */
export const olgaPhone = '+12065550144'
