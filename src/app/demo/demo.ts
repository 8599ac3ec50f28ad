import { Hono } from 'hono'
import { type RelyingParty, relyingPartyOf } from '../../core/methods/passkey/relying-party.ts'
import type { Log } from '../../core/ports.ts'
import { Secret } from '../../core/secrets/secret.ts'
import { readSettings } from '../../core/settings/settings.ts'
import { healthDoor } from '../../inbound/health/health.ts'
import { mountMobile } from '../../inbound/mobile/mobile.ts'
import { mountCallsApi } from '../../inbound/simulator/calls.api.ts'
import { mountRepliesApi } from '../../inbound/simulator/replies.api.ts'
import { simulatorLook } from '../../inbound/simulator/simulator.page.ts'
import { simulatorRoutes } from '../../inbound/simulator/simulator.route.ts'
import { cookieNames } from '../../inbound/web/cookies.ts'
import { makeLook } from '../../inbound/web/design/look.ts'
import { mountSite } from '../../inbound/web/site.ts'
import { mailSimulator } from '../../outbound/delivery/mail/simulator.ts'
import { webPushService } from '../../outbound/delivery/push/web-push.ts'
import { replySimulator } from '../../outbound/delivery/sms/simulated-replies.ts'
import { phoneSimulator } from '../../outbound/delivery/sms/simulator.ts'
import { callSimulator } from '../../outbound/delivery/voice/simulator.ts'
import { localDirectory } from '../../outbound/directory/local.ts'
import { createMetrics } from '../../outbound/metrics.ts'
import { deviceProtocol } from '../../protocols/device-signature.ts'
import { certificate } from '../../storage/certificate.ts'
import { systemClock as clock, systemRandom as random, systemIds } from '../../system.ts'
import { AUTHENTICATOR, mountAuthenticator } from '../authenticator.ts'
import { counted, countedSinks, countRequests, countTexts } from '../counted.ts'
import { openEngine } from '../engine.ts'
import { failureIn } from '../failures.ts'
import { listening } from '../listening.ts'
import { mountPortal } from '../portal.ts'
import { openStorage } from '../storage.ts'
import { addDemoAccounts, demoAccounts } from './accounts.ts'
import { demoToken } from './token.ts'

export type DemoOptions = {
  /** The site; the console has the next port, health and metrics the one after. */
  port: number
  folder: string
  tls: boolean
  /** A PostgreSQL database in place of the embedded one. */
  databaseUrl?: string | undefined
  /** Beside the demo's own. */
  settings?: Readonly<Record<string, unknown>>
  log: Log
}

export type Demo = {
  /** "http://localhost:8080" */
  url: string
  health: string
  erinsSecret: string | undefined
  close(): Promise<void>
}

const COMPANY = 'Contoso'
const BASE = '/MultiFactorAuth'

/** Everything in one process, with sample accounts and a phone simulator. On loopback only: the simulator shows every code. */
export async function startDemo({ port, folder, tls, databaseUrl, settings = {}, log }: DemoOptions): Promise<Demo> {
  const ids = systemIds(clock, random)
  const postgres = databaseUrl ? new Secret(databaseUrl) : undefined
  const { database, masterKey } = await openStorage({ folder, databaseUrl: postgres }, { clock, random, log })
  const phones = phoneSimulator({ clock, ids })
  const voice = callSimulator({ clock, log })
  const mailbox = mailSimulator({ clock })
  const metrics = createMetrics({ texts: [phones.name], calls: [voice.caller.name] })
  // Known once the port is: there is no question of a passkey before.
  let site: RelyingParty | undefined
  const pushService = webPushService({ more: [], loopback: false, contact: 'https://localhost', timeoutMs: 10_000 })
  const engine = await openEngine({
    database,
    masterKey,
    settings: demoSettings(settings),
    directoryKind: 'local',
    directory: localDirectory,
    senders: [phones],
    callers: [voice.caller],
    mail: { senders: [mailbox], portal: () => site && `${site.origin}${BASE}/` },
    host: 'localhost',
    relyingParty: () => site,
    pushService,
    appUrl: () => site && `${site.origin}${AUTHENTICATOR}/`,
    log,
    clock,
    random,
    ids,
    onTextOutcome: countTexts(metrics),
  })
  voice.connect(engine.calls)
  const replies = replySimulator({ sink: countedSinks(engine, metrics).replies, clock, ids })
  const { erinsSecret } = await addDemoAccounts({ ...engine, database, random, ids, clock })
  const token = await demoToken({ ...engine, database, random }, 'ivy')

  const app = new Hono()
  const samples = demoAccounts.flatMap(({ username, phone, pin }) =>
    phone ? [{ owner: username, number: phone, pin }] : [],
  )
  const look = simulatorLook(makeLook({ company: 'Sallyport' }))
  const web = { failure: failureIn(log), now: clock.now, newId: ids.next, tls }
  const calls = voice.phones
  mountCallsApi(app, { base: '/simulator', calls })
  mountRepliesApi(app, { base: '/simulator', phones, replies })
  mountSite(app, {
    base: '/simulator',
    // Of its own, so that its forms stay good while somebody signs in to the portal beside it.
    cookies: cookieNames('sallyport-simulator'),
    routes: simulatorRoutes({ phones, replies, calls, mailbox, token, samples }),
    look: () => look,
    ...web,
  })
  const api = counted(engine.api, metrics)
  const mobile = { ...web, answered: countRequests(metrics, 'mobile') }
  mountMobile(app, { api, ...mobile })
  mountAuthenticator(app, { api, now: clock.now, mobilePath: deviceProtocol.path, around: mobile })
  const answered = countRequests(metrics, 'portal')
  mountPortal(app, { api, base: BASE, tls, clock, ids, log, answered })

  const material = tls ? await certificate({ folder, names: [], clock }) : undefined
  const listener = await listening({ app, host: '127.0.0.1', port, tls: material })
  const url = `${tls ? 'https' : 'http'}://localhost:${listener.port}`
  site = relyingPartyOf(url)
  const checks = { database: () => database.ping() }
  const health = await listening({ app: healthDoor({ checks, metrics }), host: '127.0.0.1', port: port && port + 2 })
  return {
    health: health.url,
    url,
    erinsSecret,
    async close() {
      await listener.close()
      await health.close()
      voice.close()
      await engine.close()
      await pushService.close()
      await database.close()
    },
  }
}

function demoSettings(more: Readonly<Record<string, unknown>>) {
  const own = { 'company.name': COMPANY, 'company.help_line': 'Contoso sign-in help: +1 206 555 0199' }
  const mail = { 'company.administrators_mail': ['helpdesk@example.com'] }
  const methods = {
    'portal.methods': ['text', 'call', 'app', 'oath', 'passkey'],
    'portal.recovery_codes': true,
    'portal.questions_fallback': true,
  }
  const read = readSettings({ ...own, ...mail, ...methods, ...more })
  if ('mistakes' in read) throw new TypeError('the demo has settings that do not exist')
  return read.settings
}
