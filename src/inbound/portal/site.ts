import type { Api, Output } from '../../contract/contract.ts'
import { type LogoFile, type Look, makeLook, plainLook } from '../web/design/look.ts'
import { type PageRequest, type Reply, seeOther } from '../web/http.ts'
import type { Site } from '../web/routes.ts'
import { passkeyScript } from './passkey.form.ts'
import { type Portal, TurnedAway, tell } from './portal.ts'
import { admits, portalRoutes, type Who } from './routes.ts'

type PortalSite = Pick<Site<Who>, 'routes' | 'look' | 'admit'>

/** The portal as a site: its table of routes over an engine that may be anywhere. */
export function portalSite(api: Api, now: () => Date): PortalSite {
  const portal: Portal = { api, site: remembered(() => readSite(api), now) }
  const look = lookOf(portal)
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

async function readSite(api: Api): Promise<Output<'readSite'>> {
  const answer = await api.readSite({}, {})
  if (!answer.ok) throw new Error(`readSite: ${answer.refusal}`)
  return answer.value
}

const REMEMBER_MS = 5_000

/** Asked anew every few seconds, so that a change of the settings shows, and not at every page. One question serves all who wait for it. */
function remembered<T>(read: () => Promise<T>, now: () => Date): () => Promise<T> {
  let known: { value: Promise<T>; at: number } | undefined
  return () => {
    const at = now().getTime()
    if (known && at - known.at <= REMEMBER_MS) return known.value

    const asked = { value: read(), at }
    known = asked
    asked.value.catch(() => {
      if (known === asked) known = undefined
    })
    return asked.value
  }
}

/**
 * The look is made again only when what it is made from has changed. While the engine cannot be asked, the last one stays:
 * the page that says so, and its style, look as all others. What the page needs of the engine fails by itself.
 */
function lookOf(portal: Portal): () => Promise<Look> {
  let made: { from: string; look: Look } | undefined
  return async () => {
    const site = await portal.site().catch(() => undefined)
    if (!site) return made?.look ?? plainLook
    const { companyName, accent, logo, helpLine } = site
    const from = JSON.stringify([companyName, accent, logo, helpLine])
    if (made?.from !== from) {
      const brand = { company: companyName, accent, logo: logoFile(logo), help: { line: helpLine } }
      made = { from, look: makeLook({ ...brand, extras: [passkeyScript] }) }
    }
    return made.look
  }
}

function logoFile(dataUrl: string | undefined): LogoFile | undefined {
  const [, type, base64] =
    /^data:(image\/(?:svg\+xml|png|webp|jpeg));base64,([A-Za-z0-9+/=]+)$/.exec(dataUrl ?? '') ?? []
  if (!type || !base64) return undefined
  return { type: type as LogoFile['type'], body: new Uint8Array(Buffer.from(base64, 'base64')) }
}
