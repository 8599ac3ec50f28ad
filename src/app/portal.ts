import type { Hono } from 'hono'
import type { Api } from '../contract/contract.ts'
import type { Clock, Ids, Log } from '../core/ports.ts'
import { portalSite } from '../inbound/portal/site.ts'
import type { TrustedProxies } from '../inbound/web/address.ts'
import { seeOther } from '../inbound/web/http.ts'
import type { ProvingProxies } from '../inbound/web/proven.ts'
import type { Answered } from '../inbound/web/routes.ts'
import { mountSite } from '../inbound/web/site.ts'
import { failureIn } from './failures.ts'

type Needs = {
  api: Api
  /** The virtual directory without a slash at the end: "/MultiFactorAuth". */
  base: string
  /** Whether browsers reach it over TLS, here or at a proxy in front. */
  tls: boolean
  trusts?: TrustedProxies
  /** Only where the engine is in this process: it takes their word from nobody else. */
  proves?: ProvingProxies | undefined
  publicOrigin?: string | undefined
  clock: Clock
  ids: Ids
  log: Log
  answered(facts: Answered): void
}

/**
 * Puts the User Portal on an app, and a way into it on every path that nobody else answers: so it is mounted last. It has
 * the contract, on this machine or another, and nothing else of the engine.
 */
export function mountPortal(
  app: Hono,
  { api, base, tls, trusts, proves, publicOrigin, clock, ids, log, answered }: Needs,
): void {
  const portal = portalSite(api, clock.now)
  const around = {
    failure: failureIn(log),
    now: clock.now,
    newId: ids.next,
    tls,
    ...(trusts && { trusts }),
    proves,
    publicOrigin,
    answered,
  }
  mountSite(app, { base, ...portal, ...around })
  if (base === '') return
  const start = { method: 'GET', path: '/', who: 'anyone', handler: () => seeOther(`${base}/`) } as const
  mountSite(app, { base: '', routes: [start], look: portal.look, ...around })
}
