import type { Role } from '../config/roles.ts'
import type { Api } from '../contract/contract.ts'
import { relyingPartyOf } from '../core/methods/passkey/relying-party.ts'
import { healthDoor, type ReadyCheck } from '../inbound/health/health.ts'
import type { OperatorLog } from '../outbound/log.ts'
import { createMetrics } from '../outbound/metrics.ts'
import { remoteApi } from '../outbound/sdk-client/client.ts'
import { hasUsers } from '../storage/user-store.ts'
import { systemClock as clock, systemRandom as random, systemIds } from '../system.ts'
import type { Configured } from './configured.ts'
import { counted, countTexts } from './counted.ts'
import { type Running, type ServedPortal, type ServedSdk, servePortal, serveSdk, type Web } from './doors.ts'
import { type Engine, openEngine } from './engine.ts'
import { listening } from './listening.ts'
import { directoryOf, sendersOf } from './outward.ts'
import { configuredStorage, dataFolder } from './storage.ts'

type Options = Configured & { role: Role; log: OperatorLog }

/** What `serve` tells its operator at the start. */
export type Served = Running & {
  portal?: ServedPortal
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

type Heart = { api: Api; engine?: Engine; checks: Record<string, ReadyCheck>; empty: boolean }

async function ownEngine({ config, settings, log, ids, metrics }: Web, open: Running[]): Promise<Heart> {
  const storage = await configuredStorage(config, { clock, random, log })
  open.push(storage.database)
  const texts = sendersOf(config)
  open.push(texts)
  if (texts.senders.length === 0)
    log.warn('No provider of texts is configured: codes by text message cannot be sent', { option: 'sms.provider' })
  const host = config.portal.origin && new URL(config.portal.origin).hostname
  const relyingParty = relyingPartyOf(config.portal.origin)
  const engine = await openEngine({
    ...storage,
    ...texts,
    ...directoryOf(config, log),
    settings,
    host,
    relyingParty: () => relyingParty,
    log,
    clock,
    random,
    ids,
    onTextOutcome: countTexts(metrics),
  })
  open.push(engine)
  const empty = !(await hasUsers(storage.database))
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
