import { Hono } from 'hono'
import { link, ways } from '../src/inbound/web/design/actions.ts'
import { doorPage } from '../src/inbound/web/design/layout.ts'
import type { Look } from '../src/inbound/web/design/look.ts'
import type { Html } from '../src/inbound/web/html.ts'
import { events, type PageRequest, page, type Reply } from '../src/inbound/web/http.ts'
import { type Listener, listen } from '../src/inbound/web/listen.ts'
import type { Route } from '../src/inbound/web/routes.ts'
import { mountSite } from '../src/inbound/web/site.ts'

export type Draw = (request: PageRequest) => Html

export const help = { line: 'Contoso sign-in help: +1 206 555 0199', href: 'https://help.example.org/' }

type Gallery = {
  heading: string
  /** By path, without the slash before it. */
  pages: Readonly<Record<string, Draw>>
  /** Beside the pages and the list of them. */
  routes: readonly Route<string>[]
  look: Look
  port: number
}

/** Pages in the product's frame, without an engine behind them. */
export async function openPages({ heading, pages, routes, look, port }: Gallery): Promise<Listener> {
  const index: Draw = (request) =>
    doorPage(request, {
      heading,
      body: ways(Object.keys(pages).map((path) => link({ label: path, to: request.to(`/${path}`) }))),
    })
  const app = new Hono()
  let id = 0
  mountSite(app, {
    base: '',
    look: () => look,
    failure: (error) => {
      console.error(error)
      return 500
    },
    now: () => new Date(),
    newId: () => String(id++),
    tls: false,
    routes: [
      { method: 'GET', path: '/', who: 'anyone', handler: (request) => page(index(request)) },
      ...routes,
      ...Object.entries(pages).map(([path, draw]) => ({
        method: 'GET' as const,
        path: `/${path}` as const,
        who: 'anyone',
        handler: (request: PageRequest) => page(draw(request)),
      })),
    ],
  })
  return listen({ app, host: '127.0.0.1', port })
}

/** A live page's stream on which nothing comes. */
export function quiet(): Reply {
  return events(({ signal }) => new Promise((done) => signal.addEventListener('abort', () => done())))
}
