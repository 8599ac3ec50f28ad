import { Hono } from 'hono'
import type { Role } from '../config/roles.ts'
import { sdkListen } from '../config/roles.ts'
import type { Api } from '../contract/contract.ts'
import type { Log } from '../core/ports.ts'
import { healthDoor, type ReadyCheck } from '../inbound/health/health.ts'
import { jsonDoor } from '../inbound/sdk/json.ts'
import { trustedProxies } from '../inbound/web/address.ts'
import { createMetrics, type Metrics } from '../outbound/metrics.ts'
import { remoteApi } from '../outbound/sdk-client/client.ts'
import { sql } from '../storage/sql/query.ts'
import { systemClock as clock, systemRandom as random, systemIds } from '../system.ts'
import { certificateFor } from './certificates.ts'
import type { Configured } from './configured.ts'
import { counted, countRequests, countTexts } from './counted.ts'
import { type Engine, openEngine } from './engine.ts'
import { failureIn } from './failures.ts'
import { listening } from './listening.ts'
import { directoryOf, sendersOf } from './outward.ts'
import { mountPortal } from './portal.ts'
import { configuredStorage, dataFolder } from './storage.ts'

type Options = Configured & { role: Role; log: Log }

/** Something that runs until it is closed. What was begun last ends first. */
export type Running = { close(): Promise<void> }

/** What `serve` tells its operator at the start. */
export type Served = Running & {
  portal?: { url: string; fingerprint: string | undefined }
  sdk?: { url: string; fingerprint: string }
  health?: { url: string }
  /** Nobody can sign in before there is a user. */
  empty: boolean
}

/** One part, or all of them, on the configuration. */
export async function serve({ role, log, ...configured }: Options): Promise<Served> {
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
  const metrics = createMetrics({ providers: config.sms.kind === 'none' ? [] : ['http'] })
  const web: Web = { ...options, clock, ids, metrics }
  await dataFolder(config.dataFolder)

  const { api, engine, checks, empty } = role === 'portal' ? remoteEngine(options, open) : await ownEngine(web, open)
  const portal = role === 'server' ? undefined : await servePortal(web, api, open)
  const sdk = engine && (await serveSdk(web, { api, engine }, open))

  const at = config.health.listen
  if (!at) return { ...(portal && { portal }), ...(sdk && { sdk }), empty }
  const health = await listening({ app: healthDoor({ checks, metrics }), ...at })
  open.push(health)
  log.info('Health and metrics', { url: health.url })
  return { ...(portal && { portal }), ...(sdk && { sdk }), health: { url: health.url }, empty }
}

type Web = Options & { clock: typeof clock; ids: ReturnType<typeof systemIds>; metrics: Metrics }
type Heart = { api: Api; engine?: Engine; checks: Record<string, ReadyCheck>; empty: boolean }

async function ownEngine({ config, settings, log, ids, metrics }: Web, open: Running[]): Promise<Heart> {
  const storage = await configuredStorage(config, { clock, random, log })
  open.push(storage.database)
  const texts = sendersOf(config)
  open.push(texts)
  if (texts.senders.length === 0)
    log.warn('No provider of texts is configured: codes by text message cannot be sent', { option: 'sms.provider' })
  const host = config.portal.origin && new URL(config.portal.origin).hostname
  const engine = await openEngine({
    ...storage,
    ...texts,
    ...directoryOf(config, log),
    settings,
    host,
    log,
    clock,
    random,
    ids,
    onTextOutcome: countTexts(metrics),
  })
  open.push(engine)
  const empty = (await storage.database.rows(sql`SELECT id FROM users LIMIT 1`)).length === 0
  return { api: counted(engine.api, metrics), engine, checks: { database: () => storage.database.ping() }, empty }
}

/** A portal of its own holds no database and no key: all it has is its service account. */
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

async function servePortal(web: Web, api: Api, open: Running[]): Promise<NonNullable<Served['portal']>> {
  const { config, log, ids, metrics } = web
  const { listen, origin, path, tls, sslRequired, trustedProxies: proxies } = config.portal
  const names = origin === undefined ? [] : [new URL(origin).hostname]
  const material = await certificateFor({ tls, folder: config.dataFolder, names, clock })
  const base = path.replace(/\/$/, '')
  const app = new Hono()
  const trusts = trustedProxies(proxies)
  mountPortal(app, {
    api,
    base,
    tls: sslRequired || origin?.startsWith('https:') === true,
    trusts,
    publicOrigin: origin,
    clock,
    ids,
    log,
    answered: countRequests(metrics, 'portal'),
  })
  const listener = await listening({ app, ...listen, tls: material })
  open.push(listener)
  const url = `${origin ?? `${material ? 'https' : 'http'}://localhost:${listener.port}`}${base}/`
  log.info('User Portal', { url, listens: listener.url })
  return { url, fingerprint: material?.own ? undefined : material?.fingerprint }
}

async function serveSdk(
  { config, role, log, ids, metrics }: Web,
  { api, engine }: Required<Pick<Heart, 'api' | 'engine'>>,
  open: Running[],
): Promise<Served['sdk']> {
  const at = sdkListen(config, role)
  if (!at) return undefined
  const material = await certificateFor({ tls: config.sdk.tls, folder: config.dataFolder, names: [at.host], clock })
  // TLS only: what goes over it are passwords.
  if (!material) throw new TypeError('the SDK is served over TLS: settle')
  const checkAccount = engine.checkServiceAccount
  const app = jsonDoor({
    api,
    checkAccount,
    failure: failureIn(log),
    now: clock.now,
    newId: ids.next,
    answered: countRequests(metrics, 'sdk'),
  })
  const listener = await listening({ app, ...at, tls: material })
  open.push(listener)
  const url = `https://localhost:${listener.port}/MultiFactorAuthWebServiceSdk/`
  log.info('Web Service SDK', { url, listens: listener.url })
  return { url, fingerprint: material.fingerprint }
}
