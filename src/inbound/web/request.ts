import type { Context } from 'hono'
import { chooseLanguage, translator } from '../../i18n/catalogue.ts'
import { clientAddress } from './address.ts'
import { cookieFrom, tokenFrom } from './cookies.ts'
import { csrfToken, newVisit } from './csrf.ts'
import { emptyForm } from './form.ts'
import type { PageRequest } from './http.ts'
import { provenName } from './proven.ts'
import { below } from './respond.ts'
import type { Setting } from './routes.ts'

/** A request before its body is read and before we know what the site looks like. */
export type Arrival = {
  request: Omit<PageRequest, 'look'>
  /** What form tokens are made from: the session, else the visit. */
  formSecret: string
  /** A visit secret to be set, if this browser had neither. */
  newVisit: string | undefined
}

type Socketed = { incoming?: { socket?: { remoteAddress?: string } } } | undefined

/** Nothing here throws: whatever a stranger sends becomes some arrival. */
export function arrivalOf(
  c: Context,
  { base, cookies, trusts, proves, now, newId, tls, publicOrigin }: Setting,
): Arrival {
  const url = new URL(c.req.url)
  const cookie = c.req.header('cookie')
  const session = tokenFrom(cookie, cookies.session)
  const visit = tokenFrom(cookie, cookies.visit)
  const fresh = session || visit ? undefined : newVisit()
  const formSecret = session ?? visit ?? fresh ?? ''
  const wanted = cookieFrom(cookie, cookies.language)
  const language = chooseLanguage({
    wanted,
    acceptLanguage: c.req.header('accept-language'),
  })
  const peer = (c.env as Socketed)?.incoming?.socket?.remoteAddress

  const host = c.req.header('host') ?? url.host
  const request = {
    method: c.req.raw.method === 'POST' ? 'POST' : 'GET',
    path: (url.pathname.slice(base.length) || '/') + url.search,
    to: (path: string) => below(base, path),
    params: c.req.param() as Record<string, string>,
    query: url.searchParams,
    form: emptyForm,
    session,
    csrf: csrfToken(formSecret),
    language,
    languageChosen: wanted === language,
    t: translator(language),
    address: clientAddress(peer, c.req.header('x-forwarded-for'), trusts),
    proven: provenName(peer, (name) => c.req.header(name), proves),
    userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
    id: newId(),
    now: now(),
    host,
    origin: publicOrigin ?? `${tls ? 'https' : 'http'}://${host}`,
  } as const
  return { request, formSecret, newVisit: fresh }
}
