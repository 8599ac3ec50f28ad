import type { Context, Hono } from 'hono'
import { compress } from 'hono/compress'
import { parseLanguage } from '../../i18n/catalogue.ts'
import { noProxies, type TrustedProxies } from './address.ts'
import { type CookieNames, cookieNames } from './cookies.ts'
import { comesFromUs, csrfMatches } from './csrf.ts'
import { type Look, plainLook } from './design/look.ts'
import { type Problem, problemPage, problemStatus } from './design/problem.page.ts'
import { MalformedForm, readForm } from './form.ts'
import { asset, type PageRequest, page, type Reply, seeOther } from './http.ts'
import { type Arrival, arrivalOf, requestFrom } from './request.ts'
import { respond } from './respond.ts'
import { returnPath } from './return-path.ts'
import type { Route } from './routes.ts'

/** For the log and the metrics: one line per answered request. `route` is the row's path, so that ids do not become labels. */
export type Answered = {
  id: string
  method: string
  route: string
  status: number
  milliseconds: number
  address: string
}

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
  /** "https://mfa.example.org" where a proxy changes the Host header. */
  publicOrigin?: string | undefined
  answered?: (facts: Answered) => void
}

/** What every step of answering knows. */
export type Setting = Required<Pick<Site<string>, 'base' | 'now' | 'newId' | 'tls' | 'cookies' | 'trusts'>> & {
  publicOrigin: string | undefined
}

/**
 * Mounts a door's table on the app, below its base: forms are read and checked, the door admits or not, the handler answers,
 * and whatever goes wrong becomes a page in the design. Mount the site with the base "" last: it answers every path.
 */
export function mountSite<Who extends string>(app: Hono, site: Site<Who>): void {
  const { base, routes } = site
  const setting: Setting = {
    ...site,
    cookies: site.cookies ?? cookieNames(),
    trusts: site.trusts ?? noProxies,
    publicOrigin: site.publicOrigin,
  }
  const answer = (route: string, make: Make) => (c: Context) => answerWith(site, setting, { c, route, make })

  // Form tokens differ on every page, so compressing them is safe; event streams are left alone by `compress`.
  app.use(`${base}/*`, compress())
  if (base !== '')
    app.get(
      base,
      answer('', () => seeOther('/')),
    )

  app.get(`${base}/assets/:name`, answer('/assets/:name', sendAsset))
  app.post(`${base}/language`, answer('/language', changeLanguage))
  for (const { method, path, who, handler } of routes) {
    const make: Make = async (request) => (await site.admit?.(who, request)) ?? handler(request)
    app.on(method, base + path, answer(path, make))
  }
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(
      base + path,
      answer(path, (request) => problem(request, 'method', { allow: methods.join(', ') })),
    )
  }
  app.all(
    `${base}/*`,
    answer('', (request) => problem(request, 'missing')),
  )
}

type Make = (request: PageRequest) => Reply | Promise<Reply>
type Call = { c: Context; route: string; make: Make }

async function answerWith<Who extends string>(site: Site<Who>, setting: Setting, { c, route, make }: Call) {
  const arrival = arrivalOf(c, setting)
  const { id, path } = arrival
  const method = c.req.raw.method
  const failed = (error: unknown) => site.failure(error, { id, method, path })

  const reply = await replyTo(site, setting, { arrival, c, make, failed })
  const response = respond({ ...setting, newVisit: arrival.newVisit, failed }, headless(reply, method))
  site.answered?.({
    id,
    method,
    route,
    status: response.status,
    milliseconds: setting.now().getTime() - arrival.now.getTime(),
    address: arrival.address,
  })
  return response
}

type Answering = { arrival: Arrival; c: Context; make: Make; failed(error: unknown): 500 | 503 }

async function replyTo<Who extends string>(
  site: Site<Who>,
  setting: Setting,
  { arrival, c, make, failed }: Answering,
): Promise<Reply> {
  let request = requestFrom(arrival, { look: plainLook })
  try {
    request = requestFrom(arrival, { look: await site.look() })
    if (c.req.raw.method !== 'POST') return await make(request)

    const checked = await readPost(c, arrival, setting)
    if (checked === 'not from us') return problem(request, 'origin')
    request = { ...request, form: checked }
    return await make(request)
  } catch (error) {
    if (error instanceof MalformedForm)
      return problem(request, error.status === 413 ? 'large' : 'form', {}, error.status)
    return problem(request, failed(error) === 503 ? 'unavailable' : 'broken')
  }
}

/** Both must hold: what the browser says of the sender, and the token that only a page of ours could have. */
async function readPost(c: Context, arrival: Arrival, { publicOrigin }: Setting) {
  const sender = {
    origin: c.req.header('origin'),
    secFetchSite: c.req.header('sec-fetch-site'),
    host: arrival.host,
    publicOrigin,
  }
  if (!comesFromUs(sender)) return 'not from us'
  const form = await readForm(c.req.raw)
  return csrfMatches(arrival.formSecret, form.secret('csrf', 200)) ? form : 'not from us'
}

function problem(request: PageRequest, what: Problem, headers = {}, status = problemStatus[what] as Status): Reply {
  return { ...page(problemPage(request, what, { id: request.id }), status), headers }
}
type Status = Parameters<typeof page>[1]

async function sendAsset(request: PageRequest): Promise<Reply> {
  const file = request.look.assets.get(request.params.name ?? '')
  return file ? asset(file.body, file.type, { immutable: true }) : problem(request, 'missing')
}

function changeLanguage({ form }: PageRequest): Reply {
  const language = parseLanguage(form.text('language', 20))
  return seeOther(returnPath(form.text('back', 1000)) ?? '/', { language })
}

function methodsByPath(routes: readonly Route<string>[]): Map<string, string[]> {
  const byPath = new Map<string, string[]>()
  for (const { path, method } of routes) byPath.set(path, [...(byPath.get(path) ?? []), method])
  return byPath
}

/** HEAD must not start a stream that nobody reads. */
function headless(reply: Reply, method: string): Reply {
  return reply.kind === 'events' && method === 'HEAD'
    ? { kind: 'asset', body: '', type: 'text/event-stream', immutable: false }
    : reply
}
