import { gzipped } from './compress.ts'
import { type CookieNames, setCookie } from './cookies.ts'
import { securityHeaders } from './headers.ts'
import type { Reply } from './http.ts'
import { eventStream } from './sse.ts'

const yearSeconds = 31_536_000

type Needs = {
  base: string
  tls: boolean
  cookies: CookieNames
  /** Set on pages, so that the next form has a secret to be checked against. */
  newVisit: string | undefined
  acceptEncoding: string | undefined
  failed(error: unknown): void
}

/** A reply in the words of the protocol. */
export function respond(needs: Needs, reply: Reply): Response {
  const headers = headersFor(needs, reply)
  const send = (body: string | Uint8Array<ArrayBuffer>, status: number) => {
    const small = typeof body === 'string' ? gzipped(body, needs.acceptEncoding) : undefined
    headers.set('vary', 'Accept-Encoding')
    if (small) headers.set('content-encoding', 'gzip')
    return new Response(small ?? body, { status, headers })
  }

  switch (reply.kind) {
    case 'page':
      headers.set('content-type', 'text/html; charset=utf-8')
      return send(String(reply.html), reply.status)
    case 'redirect':
      // Header fields are ASCII; a line break in a path stays a part of the path.
      headers.set('location', below(needs.base, reply.to).replace(/[^!-~]+/g, encodeURIComponent))
      return new Response(null, { status: 303, headers })
    case 'json':
      headers.set('content-type', 'application/json')
      return new Response(JSON.stringify(reply.value), { status: reply.status, headers })
    case 'asset':
      headers.set('content-type', reply.type)
      headers.set('cache-control', reply.immutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
      return send(reply.body, 200)
    case 'events':
      headers.set('content-type', 'text/event-stream')
      // Tells nginx not to hold events back.
      headers.set('x-accel-buffering', 'no')
      return new Response(
        eventStream({ run: reply.run, lifetimeSeconds: reply.lifetimeSeconds, failed: needs.failed }),
        { headers },
      )
  }
}

/** What every kind of reply has: security, no caching, and the cookies that change. */
function headersFor({ tls, cookies, newVisit }: Needs, reply: Reply): Headers {
  const headers = new Headers({ ...securityHeaders({ tls }), 'cache-control': 'no-store', ...reply.headers })
  if ('session' in reply && reply.session !== undefined) {
    headers.append('set-cookie', setCookie(cookies.session, reply.session))
    // Whoever used this browser before the change of person holds no form token that still counts.
    headers.append('set-cookie', setCookie(cookies.visit, null))
  } else if (newVisit && reply.kind === 'page') headers.append('set-cookie', setCookie(cookies.visit, newVisit))
  if ('language' in reply && reply.language) {
    headers.append('set-cookie', setCookie(cookies.language, reply.language, yearSeconds))
  }
  return headers
}

/** The whole address of a path of the site. A path that already has the base stays. */
export function below(base: string, path: string): string {
  return base !== '' && (path === base || path.startsWith(`${base}/`)) ? path : base + path
}
