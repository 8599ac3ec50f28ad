import { Hono } from 'hono'
import { makeLook } from '../../src/inbound/web/design/look.ts'
import type { Site } from '../../src/inbound/web/routes.ts'
import { mountSite } from '../../src/inbound/web/site.ts'

export const session = 'session-of-ada-0123456789abcdefghij'
export const visit = 'visit-of-ada-0123456789abcdefghijkl'
export const peer = '192.0.2.1'

/** A site at http://portal.test, without a socket; the browser is at `from`. */
export function siteWith<Who extends string>(site: Partial<Site<Who>> & Pick<Site<Who>, 'routes'>) {
  const app = new Hono()
  const errors: unknown[] = []
  mountSite(app, {
    base: '',
    look: () => makeLook({ company: 'Contoso' }),
    failure: (error) => {
      errors.push(error)
      return 500
    },
    now: () => new Date('2026-01-01T12:00:00Z'),
    newId: () => 'request-7',
    tls: true,
    ...site,
  })
  const send = async (path: string, init: RequestInit = {}, { from = peer } = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has('host')) headers.set('host', 'portal.test')
    return app.request(
      `http://portal.test${path}`,
      { ...init, headers },
      { incoming: { socket: { remoteAddress: from } } },
    )
  }
  return { send, errors }
}

export function form(fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  }
}
