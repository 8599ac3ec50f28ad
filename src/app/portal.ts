import type { Hono } from 'hono'
import type { Api } from '../contract/contract.ts'
import type { Clock, Ids, Log } from '../core/ports.ts'
import { portalSite } from '../inbound/portal/site.ts'
import type { TrustedProxies } from '../inbound/web/address.ts'
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
  publicOrigin?: string | undefined
  clock: Clock
  ids: Ids
  log: Log
  answered(facts: Answered): void
}

/** Puts the User Portal on an app. It has the contract, on this machine or another, and nothing else of the engine. */
export function mountPortal(
  app: Hono,
  { api, base, tls, trusts, publicOrigin, clock, ids, log, answered }: Needs,
): void {
  mountSite(app, {
    base,
    ...portalSite(api, clock.now),
    failure: failureIn(log),
    now: clock.now,
    newId: ids.next,
    tls,
    ...(trusts && { trusts }),
    publicOrigin,
    answered,
  })
  app.get('/', (c) => c.redirect(`${base}/`))
}
