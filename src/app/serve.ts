import type { Hono } from 'hono'
import type { Role } from '../config/roles.ts'
import type { Api } from '../contract/contract.ts'
import { relyingPartyOf } from '../core/methods/passkey/relying-party.ts'
import { healthDoor, type ReadyCheck } from '../inbound/health/health.ts'
import { webPushService } from '../outbound/delivery/push/web-push.ts'
import type { OperatorLog } from '../outbound/log.ts'
import { createMetrics } from '../outbound/metrics.ts'
import { remoteApi } from '../outbound/sdk-client/client.ts'
import { hasUsers } from '../storage/user-store.ts'
import { systemClock as clock, systemRandom as random, systemIds } from '../system.ts'
import { AUTHENTICATOR } from './authenticator.ts'
import { callbackAddressesIn, mountCallbacks } from './callbacks.ts'
import type { Configured } from './configured.ts'
import { counted, countedSinks, countTexts } from './counted.ts'
import {
  mobileDoor,
  type Running,
  type ServedCallbacks,
  type ServedPortal,
  type ServedSdk,
  serveCallbacks,
  serveMobile,
  servePortal,
  serveSdk,
  type Web,
} from './doors.ts'
import { type Engine, openEngine } from './engine.ts'
import { listening } from './listening.ts'
import { directoryOf, mailOf, peopleOf } from './outward.ts'
import { providersIn } from './providers.ts'
import { pushConfig } from './push.ts'
import { configuredStorage, dataFolder } from './storage.ts'

type Options = Configured & { role: Role; log: OperatorLog }

/** What `serve` tells its operator at the start. */
export type Served = Running & {
  portal?: ServedPortal
  /** The Mobile App Web Service, where it is alone. */
  mobile?: ServedPortal
  callbacks?: ServedCallbacks
  sdk?: ServedSdk
  health?: { url: string }
  /** Nobody can sign in before there is a user. */
  empty: boolean
}

/** One part, or all of them, on the configuration. */
export async function serve({ role, log, ...configured }: Options): Promise<Served> {
  // What was begun last ends first.
  const open: Running[] = []
  const close = async () => {
    for (const running of open.splice(0).reverse()) await running.close()
  }
  try {
    return { ...(await start({ role, log, ...configured }, open)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(options: Options, open: Running[]): Promise<Omit<Served, 'close'>> {
  const { role, log, config } = options
  const ids = systemIds(clock, random)
  const metrics = createMetrics({ texts: namesOf(config.sms), calls: namesOf(config.voice) })
  const web: Web = { ...options, clock, ids, metrics }
  await dataFolder(config.dataFolder)

  const { api, engine, callbacks, checks, empty } =
    role === 'portal' || role === 'app' ? remoteEngine(options, open) : await ownEngine(web, open)
  const calledBack = callbacks && !config.callbacks.listen ? [callbacks] : []
  const beside = role === 'all' ? [...calledBack, mobileDoor(web, api)] : calledBack
  const portal = role === 'all' || role === 'portal' ? await servePortal(web, { api, beside }, open) : undefined
  const mobile = role === 'app' ? await serveMobile(web, api, open) : undefined
  const called = callbacks && (await serveCallbacks(web, callbacks, open))
  const sdk = engine && (await serveSdk(web, { api, engine }, open))

  const at = config.health.listen
  const parts = { ...(portal && { portal }), ...(mobile && { mobile }) }
  const served = { ...parts, ...(called && { callbacks: called }), ...(sdk && { sdk }), empty }
  if (!at) return served
  const health = await listening({ app: healthDoor({ checks, metrics }), ...at })
  open.push(health)
  log.info('Health and metrics', { url: health.url })
  return { ...served, health: { url: health.url } }
}

/** `callbacks` puts on an app what providers call. */
type Heart = {
  api: Api
  engine?: Engine
  callbacks?: (app: Hono) => void
  checks: Record<string, ReadyCheck>
  empty: boolean
}

async function ownEngine(web: Web, open: Running[]): Promise<Heart> {
  const { config, role, settings, log, ids, metrics } = web
  const storage = await configuredStorage(config, { clock, random, log })
  open.push(storage.database)
  const addresses = callbackAddressesIn(config, role, storage.masterKey)
  const providers = providersIn(config, { addresses, clock, random, log })
  open.push(providers)
  if (providers.senders.length === 0)
    log.warn('No provider of texts is configured: codes by text message cannot be sent', { option: 'sms.providers' })
  warnOfMail(config, settings, log)
  const host = config.portal.origin && new URL(config.portal.origin).hostname
  const relyingParty = relyingPartyOf(config.portal.origin)
  const pushService = webPushService(pushConfig(config))
  open.push(pushService)
  const engine = await openEngine({
    ...storage,
    ...providers,
    ...directoryOf(config, { log, clock, random }),
    groups: config.groups,
    ...peopleOf(config, { log, clock, random }),
    mail: mailOf(config),
    settings,
    host,
    relyingParty: () => relyingParty,
    pushService,
    appUrl: () => config.app.origin && `${config.app.origin}${AUTHENTICATOR}/`,
    log,
    clock,
    random,
    ids,
    onTextOutcome: countTexts(metrics),
    onCircuit: metrics.provider,
  })
  open.push(engine)
  const sinks = countedSinks(engine, metrics)
  providers.receive(sinks)
  const callbacks = (app: Hono) => mountCallbacks(app, { web, engine, addresses, sinks })
  const empty = !(await hasUsers(storage.database))
  const checks = { database: () => storage.database.ping() }
  return { api: counted(engine.api, metrics), engine, callbacks, checks, empty }
}

function namesOf({ providers }: { providers: readonly { name: string }[] }): string[] {
  return providers.map(({ name }) => name)
}

function warnOfMail({ mail, portal }: Web['config'], settings: Web['settings'], log: OperatorLog): void {
  if (!mail) {
    const lost = settings['company.administrators_mail'].length > 0 ? 'to people and administrators' : 'to people'
    log.warn(`No mail server is configured: notices ${lost} are not mailed`, { option: 'mail.smtp.host' })
    return
  }
  if (mail.tls === 'none') log.warn('Mails cross the network in the clear', { option: 'mail.smtp.tls' })
  if (!portal.origin) log.warn('Mails have no link to the portal: its address is not known', { option: 'portal.url' })
}

/** A portal or app service of its own holds no database and no key: all it has is its service account. */
function remoteEngine({ config }: Options, open: Running[]): Heart {
  const { client } = config.sdk
  if (!client) throw new TypeError('a portal has a client: checkForRole')
  const api = remoteApi(client)
  open.push(api)
  const server: ReadyCheck = async () => {
    const answer = await api.readServer({}, {})
    if (!answer.ok) throw new Error(answer.refusal)
  }
  return { api, checks: { server }, empty: false }
}
