import type { Api } from '../../contract/contract.ts'
import { type PageRequest, type Reply, seeOther } from '../web/http.ts'
import type { Site } from '../web/routes.ts'
import { siteLook } from '../web/site-look.ts'
import { passkeyScript } from './passkey.form.ts'
import { type Portal, TurnedAway, tell } from './portal.ts'
import { admits, portalRoutes, type Who } from './routes.ts'

type PortalSite = Pick<Site<Who>, 'routes' | 'look' | 'admit'>

/** The portal as a site: its table of routes over an engine that may be anywhere. */
export function portalSite(api: Api, now: () => Date): PortalSite {
  const { site, look } = siteLook(api, now, [passkeyScript])
  const portal: Portal = { api, site }
  return {
    look,
    async admit(who, request) {
      if (who === 'anyone') return undefined
      return turned(async () => {
        const { level } = await tell(portal, request, 'readMe', {})
        return admits[who].includes(level) ? undefined : seeOther('/')
      })
    },
    routes: portalRoutes.map(({ handler, ...row }) => ({
      ...row,
      handler: async (request: PageRequest) => turned(async () => handler(portal, request)),
    })),
  }
}

async function turned<T extends Reply | undefined>(make: () => Promise<T>): Promise<T | Reply> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof TurnedAway) return error.to
    throw error
  }
}
