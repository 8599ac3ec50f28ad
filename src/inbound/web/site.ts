import type { Context, Hono } from 'hono'
import { parseLanguage } from '../../i18n/catalogue.ts'
import { noProxies } from './address.ts'
import { answerCall, type Make, problemReply } from './answer.ts'
import { cookieNames } from './cookies.ts'
import { asset, type PageRequest, type Reply, seeOther } from './http.ts'
import { returnPath } from './return-path.ts'
import type { Route, Setting, Site } from './routes.ts'

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
    proves: site.proves,
  }
  const answer = (route: string, make: Make) => (c: Context) =>
    answerCall(site, setting, { c, route, make, takesForm: false })
  const answerForm = (route: string, make: Make, outage?: Route<Who>['outage']) => (c: Context) =>
    answerCall(site, setting, { c, route, make, takesForm: true, outage })

  if (base !== '')
    app.get(
      base,
      answer('', () => seeOther('/')),
    )

  app.get(`${base}/assets/:name`, answer('/assets/:name', sendAsset))
  app.post(`${base}/language`, answerForm('/language', changeLanguage))
  for (const { method, path, who, handler, outage } of routes) {
    const make: Make = async (request) => (await site.admit?.(who, request)) ?? handler(request)
    app.on(method, base + path, method === 'POST' ? answerForm(path, make, outage) : answer(path, make))
  }
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(
      base + path,
      answer(path, (request) => problemReply(request, 'method', { headers: { allow: methods.join(', ') } })),
    )
  }
  app.all(
    `${base}/*`,
    answer('', (request) => problemReply(request, 'missing')),
  )
}

async function sendAsset(request: PageRequest): Promise<Reply> {
  const file = request.look.assets.get(request.params.name ?? '')
  return file ? asset(file.body, file.type, { immutable: true }) : problemReply(request, 'missing')
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
