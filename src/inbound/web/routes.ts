import type { TrustedProxies } from './address.ts'
import type { CookieNames } from './cookies.ts'
import type { Look } from './design/look.ts'
import type { PageRequest, Reply } from './http.ts'
import type { ProvingProxies } from './proven.ts'

/** One row of a door's table. `Who` is the door's own list of levels: 'anyone' | 'half signed in' | … */
export type Route<Who extends string> = {
  method: 'GET' | 'POST'
  /** Below the site's base, in hono's notation: "/devices/:id". */
  path: `/${string}`
  /** Who may come in; `Site.admit` judges it before the handler runs. */
  who: Who
  /** One line for the reference page of routes. */
  summary?: string | undefined
  handler: (request: PageRequest) => Reply | Promise<Reply>
  /**
   * In place of the problem page while a part of the service does not answer: a form that keeps what was typed. It asks
   * nobody, since whom it would ask may be what is missing.
   */
  outage?: ((request: PageRequest) => Reply) | undefined
}

/** A door's table with what the site around it is. */
export type Site<Who extends string> = {
  /** "" or "/MultiFactorAuth": no slash at the end. */
  base: string
  routes: readonly Route<Who>[]
  look(): Look | Promise<Look>
  /** Writes the error into the log under the request's id, and says whether it is ours (500) or passes (503). */
  failure(error: unknown, about: { id: string; method: string; path: string }): 500 | 503
  /** Before the handler: a reply (a redirect to sign-in, 403) in place of it, or undefined to let it through. */
  admit?: (who: Who, request: PageRequest) => Promise<Reply | undefined>
  now(): Date
  newId(): string
  /** Browsers reach the site over TLS, by itself or through a proxy: strict transport security is sent. */
  tls: boolean
  cookies?: CookieNames
  trusts?: TrustedProxies
  /** Whose word is taken for who a person is. */
  proves?: ProvingProxies | undefined
  /** "https://mfa.example.org" where a proxy changes the Host header. */
  publicOrigin?: string | undefined
  answered?: (facts: Answered) => void
}

/** What every step of answering knows. */
export type Setting = Required<Pick<Site<string>, 'base' | 'now' | 'newId' | 'tls' | 'cookies' | 'trusts'>> & {
  publicOrigin: string | undefined
  proves: ProvingProxies | undefined
}

/** For the log and the metrics: one line per answered request. `route` is the row's path, so that ids do not become labels. */
export type Answered = {
  id: string
  method: string
  route: string
  status: number
  milliseconds: number
  address: string
}
