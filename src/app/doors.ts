import { Hono } from 'hono'
import { type Role, sdkListen } from '../config/roles.ts'
import type { Api } from '../contract/contract.ts'
import type { Clock, Ids } from '../core/ports.ts'
import { mountMobile } from '../inbound/mobile/mobile.ts'
import { jsonDoor } from '../inbound/sdk/json.ts'
import { trustedProxies } from '../inbound/web/address.ts'
import type { OperatorLog } from '../outbound/log.ts'
import type { Metrics } from '../outbound/metrics.ts'
import { deviceProtocol } from '../protocols/device-signature.ts'
import { AUTHENTICATOR, mountAuthenticator } from './authenticator.ts'
import { certificateFor } from './certificates.ts'
import type { Configured } from './configured.ts'
import { noted } from './counted.ts'
import type { Engine } from './engine.ts'
import { failureIn } from './failures.ts'
import { listening } from './listening.ts'
import { mountPortal } from './portal.ts'

/** Something that runs until it is closed. */
export type Running = { close(): Promise<void> }

/** `fingerprint`: of a certificate that was made here; undefined for the operator's own, and where a proxy has it. */
export type ServedPortal = { url: string; fingerprint: string | undefined }
/** `listens`: where they are reached here, in front of whatever makes that public. */
export type ServedCallbacks = { listens: string }
export type ServedSdk = { url: string; fingerprint: string }

/** What doors stand on. */
export type Web = Configured & { role: Role; log: OperatorLog; clock: Clock; ids: Ids; metrics: Metrics }

const EVERYWHERE = ['0.0.0.0', '::']

/** Puts something on an app. */
type Mount = (app: Hono) => void

/** The User Portal, on an engine that may be anywhere, and beside it what else is reached at its address. */
export async function servePortal(
  web: Web,
  { api, beside }: { api: Api; beside: readonly Mount[] },
  open: Running[],
): Promise<ServedPortal> {
  const { config, log, clock, ids } = web
  const { listen, origin, path, tls, sslRequired, trustedProxies: proxies, integrated } = config.portal
  const material = await certificateFor({ tls, folder: config.dataFolder, names: ownNames(web), clock })
  const base = path.replace(/\/$/, '')
  const app = new Hono()
  const trusts = trustedProxies(proxies)
  for (const mount of beside) mount(app)
  mountPortal(app, {
    api,
    base,
    tls: sslRequired || origin?.startsWith('https:') === true,
    trusts,
    proves: integrated && { header: integrated.header, from: trustedProxies(integrated.proxies) },
    publicOrigin: origin,
    clock,
    ids,
    log,
    answered: noted(web, 'portal'),
  })
  const listener = await listening({ app, ...listen, tls: material })
  open.push(listener)
  const url = `${origin ?? `${material ? 'https' : 'http'}://localhost:${listener.port}`}${base}/`
  log.info('User Portal', { url, listens: listener.url })
  return { url, fingerprint: material?.own ? undefined : material?.fingerprint }
}

/** Alone, at the address that its own configuration has for the portal: the one of this machine that is public. */
export async function serveMobile(web: Web, api: Api, open: Running[]): Promise<ServedPortal> {
  const { config, log, clock } = web
  const { listen, origin, tls } = config.portal
  const material = await certificateFor({ tls, folder: config.dataFolder, names: ownNames(web), clock })
  const app = new Hono()
  mobileDoor(web, api)(app)
  app.get('/', (c) => c.redirect(`${AUTHENTICATOR}/`, 303))
  const listener = await listening({ app, ...listen, tls: material })
  open.push(listener)
  const url = `${origin ?? `${material ? 'https' : 'http'}://localhost:${listener.port}`}${deviceProtocol.path}/`
  log.info('Mobile App Web Service', { url, listens: listener.url })
  return { url, fingerprint: material?.own ? undefined : material?.fingerprint }
}

/** The mobile app, and what it talks to on its devices. Before the portal, which answers every other path. */
export function mobileDoor(web: Web, api: Api): Mount {
  const { config, log, clock, ids } = web
  const { trustedProxies: proxies, sslRequired, origin } = config.portal
  const shared = {
    failure: failureIn(log),
    newId: ids.next,
    trusts: trustedProxies(proxies),
    answered: noted(web, 'mobile'),
  }
  const around = { ...shared, tls: sslRequired || origin?.startsWith('https:') === true, publicOrigin: origin }
  return (app) => {
    mountMobile(app, { api, ...shared, now: clock.now })
    mountAuthenticator(app, { api, now: clock.now, mobilePath: deviceProtocol.path, around })
  }
}

/** What providers call back, on a listener of its own. */
export async function serveCallbacks(web: Web, mount: Mount, open: Running[]): Promise<ServedCallbacks | undefined> {
  const { config, log, clock } = web
  const { listen, tls, origin } = config.callbacks
  if (!listen) return undefined
  const material = await certificateFor({ tls, folder: config.dataFolder, names: ownNames(web), clock })
  const app = new Hono()
  mount(app)
  const listener = await listening({ app, ...listen, tls: material })
  open.push(listener)
  log.info('Callbacks', { url: origin, listens: listener.url })
  return { listens: listener.url }
}

/** The Web Service SDK, where this role or the configuration asks for it. */
export async function serveSdk(
  web: Web,
  { api, engine }: { api: Api; engine: Engine },
  open: Running[],
): Promise<ServedSdk | undefined> {
  const { config, role, log, clock, ids } = web
  const at = sdkListen(config, role)
  if (!at) return undefined
  const material = await certificateFor({ tls: config.sdk.tls, folder: config.dataFolder, names: ownNames(web), clock })
  // TLS only: what goes over it are passwords.
  if (!material) throw new TypeError('the SDK is served over TLS: settle')
  const checkAccount = engine.checkServiceAccount
  const app = jsonDoor({
    api,
    checkAccount,
    failure: failureIn(log),
    now: clock.now,
    newId: ids.next,
    answered: noted(web, 'sdk'),
  })
  const listener = await listening({ app, ...at, tls: material })
  open.push(listener)
  const url = `https://localhost:${listener.port}/MultiFactorAuthWebServiceSdk/`
  log.info('Web Service SDK', { url, listens: listener.url })
  return { url, fingerprint: material.fingerprint }
}

/**
 * Both doors show the one certificate that is made here. Each asking for its own name only, they would make it anew in turn
 * at every start, and with it the fingerprint that portals elsewhere were told.
 */
function ownNames({ config, role }: Web): string[] {
  const { origin } = config.portal
  const portal = origin === undefined || role === 'server' ? undefined : new URL(origin).hostname
  const sdk = sdkListen(config, role)?.host
  return [portal, sdk].flatMap((name) => (name === undefined || EVERYWHERE.includes(name) ? [] : [name]))
}
