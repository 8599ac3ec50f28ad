import type { LanguageCode, Translate } from '../../i18n/catalogue.ts'
import type { Look } from './design/look.ts'
import type { Form } from './form.ts'
import type { Html } from './html.ts'
import type { EventRun } from './sse.ts'

/** What a page needs of its request to be drawn: words, brand, links and the token for its forms. */
export type Frame = {
  t: Translate
  language: LanguageCode
  /** The token that every POST form carries in the field `csrf`; `postForm` puts it there. */
  csrf: string
  /** The path below the site's base, with the query: "/account/phone?from=setup". */
  path: string
  /** The address of a page of this site: `to('/account')` is "/MultiFactorAuth/account". */
  to(path: string): string
  look: Look
}

/** A request as a handler sees it: checked, bounded, and free of the protocol. Usable as a `Frame`. */
export type PageRequest = Frame & {
  method: 'GET' | 'POST'
  /** The language is one that the person has chosen in this browser, and not only what the browser asks for. */
  languageChosen: boolean
  params: Readonly<Record<string, string>>
  query: URLSearchParams
  /** Empty on GET. */
  form: Form
  /** The engine's token from the cookie, unjudged; undefined if absent, doubled or not a token at all. */
  session: string | undefined
  /** Whom a trusted proxy has proven, as it writes the name; undefined where none has, or nobody may. */
  proven: string | undefined
  /** Canonical client address (RFC 5952; IPv4-mapped is IPv4). */
  address: string
  /** At most 300 characters. */
  userAgent: string
  /** Names the request in the log and on error pages. */
  id: string
  now: Date
  /** The Host header: name and port as the browser sees them. */
  host: string
  /** "https://mfa.example.org", as the browser sees it. */
  origin: string
}

export type PageStatus = 200 | 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503

type Extras = { headers?: Readonly<Record<string, string>> | undefined }

/** `session`: a token sets the cookie, null clears it. Only redirects carry it: a page made before would hold the old form token. */
type Changes = { session?: string | null | undefined; language?: LanguageCode | undefined }

export type Reply =
  | ({ kind: 'page'; html: Html; status: PageStatus } & Extras)
  | ({ kind: 'redirect'; to: string } & Changes & Extras)
  | ({ kind: 'events'; run: EventRun; lifetimeSeconds: number } & Extras)
  | ({ kind: 'asset'; body: Uint8Array<ArrayBuffer> | string; type: string; immutable: boolean } & Extras)
  | ({ kind: 'json'; value: unknown; status: PageStatus } & Changes & Extras)

export type Redirect = Extract<Reply, { kind: 'redirect' }>

/** A page. 422 when a form comes back with complaints. */
export function page(html: Html, status: PageStatus = 200): Reply {
  return { kind: 'page', html, status }
}

/** 303 to a page of this site ("/account", or what `returnPath` gave): after every POST, so that "back" never repeats an act. */
export function seeOther(to: string, changes: Changes = {}): Redirect {
  if (!/^\/(?![/\\])/.test(to)) throw new TypeError('not a path of this site')
  return { kind: 'redirect', to, ...changes }
}

/** Server-sent events until `run` ends, the browser leaves or the lifetime is over (then the browser connects again). */
export function events(run: EventRun, { lifetimeSeconds = 600 }: { lifetimeSeconds?: number } = {}): Reply {
  return { kind: 'events', run, lifetimeSeconds }
}

/** A file. `immutable` only if its address changes with its content. */
export function asset(body: Uint8Array<ArrayBuffer> | string, type: string, { immutable = false } = {}): Reply {
  return { kind: 'asset', body, type, immutable }
}

export function json(value: unknown, status: PageStatus = 200): Reply {
  return { kind: 'json', value, status }
}
