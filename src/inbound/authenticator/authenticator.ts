import type { Api } from '../../contract/contract.ts'
import { problemReply } from '../web/answer.ts'
import { asset, type PageRequest, page, type Reply } from '../web/http.ts'
import type { Route, Site } from '../web/routes.ts'
import { siteLook } from '../web/site-look.ts'
import { appPage } from './app.page.ts'
import { drawnFor } from './drawn.ts'
import { appFiles } from './files.ts'
import { manifestOf } from './manifest.ts'
import { workerFor } from './worker.ts'

type Needs = { api: Pick<Api, 'readSite'>; now(): Date; mobilePath: string }
type AuthenticatorSite = Pick<Site<'anyone'>, 'routes' | 'look'>

/**
 * The mobile app, as a web site that phones can install. It is files for anyone, and knows nobody: what it says of a person
 * comes from the Mobile App Web Service below `mobilePath`, on the same origin, to a device that signs for it.
 */
export function authenticatorSite({ api, now, mobilePath }: Needs): AuthenticatorSite {
  const { look } = siteLook(api, now)
  return { look, routes: authenticatorRoutes({ mobilePath }) }
}

function authenticatorRoutes(view: { mobilePath: string }): readonly Route<'anyone'>[] {
  return [
    row('/', 'The mobile app', (request) =>
      page(appPage(request, { ...view, languageChosen: request.languageChosen })),
    ),
    row('/manifest.webmanifest', 'What it is called and looks like on a home screen', (request) =>
      asset(JSON.stringify(manifestOf(request)), 'application/manifest+json'),
    ),
    row('/worker.js', 'Its service worker', (request) => asset(workerFor(request), 'text/javascript; charset=utf-8')),
    row('/app/:version/:file', 'Its modules, style and words', getFile),
    row('/icons/:name', 'Its icons', getIcon),
  ]
}

function row(path: `/${string}`, summary: string, handler: (request: PageRequest) => Reply): Route<'anyone'> {
  return { method: 'GET', path, who: 'anyone', summary, handler }
}

function getFile(request: PageRequest): Reply {
  const { version = '', file = '' } = request.params
  const found = version === appFiles.version ? appFiles.files.get(file) : undefined
  return found ? asset(found.body, found.type, { immutable: true }) : problemReply(request, 'missing')
}

function getIcon(request: PageRequest): Reply {
  const found = drawnFor(request.look).byName.get(request.params.name ?? '')
  return found ? asset(found.body, found.type, { immutable: true }) : problemReply(request, 'missing')
}
