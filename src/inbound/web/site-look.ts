import type { Api, Output } from '../../contract/contract.ts'
import type { Asset } from './assets.ts'
import { type LogoFile, type Look, makeLook, plainLook } from './design/look.ts'

export type SiteFacts = Output<'readSite'>
/** What pages show before anyone is known, and the look made from it; both remembered for a few seconds. */
export type SiteLook = { site(): Promise<SiteFacts>; look(): Promise<Look> }

/** `extras`: further files of the door. */
export function siteLook(api: Pick<Api, 'readSite'>, now: () => Date, extras: readonly Asset[] = []): SiteLook {
  const site = remembered(() => readSite(api), now)
  return { site, look: lookOf(site, extras) }
}

async function readSite(api: Pick<Api, 'readSite'>): Promise<SiteFacts> {
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
function lookOf(readSite: () => Promise<SiteFacts>, extras: readonly Asset[]): () => Promise<Look> {
  let made: { from: string; look: Look } | undefined
  return async () => {
    const site = await readSite().catch(() => undefined)
    if (!site) return made?.look ?? plainLook
    const { companyName, accent, logo, helpLine } = site
    const from = JSON.stringify([companyName, accent, logo, helpLine])
    if (made?.from !== from) {
      const brand = { company: companyName, accent, logo: logoFile(logo), help: { line: helpLine } }
      made = { from, look: makeLook({ ...brand, extras }) }
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
