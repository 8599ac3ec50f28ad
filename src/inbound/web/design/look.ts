import { type Asset, hashedAsset, textAsset } from '../assets.ts'
import { type Html, html } from '../html.ts'
import { brandCss, defaultAccent, type Palette, paletteOf } from './brand.ts'

/** An organisation's own logo. An SVG is shown as an image, so nothing in it can run. */
export type LogoFile = {
  type: 'image/svg+xml' | 'image/png' | 'image/webp' | 'image/jpeg'
  body: Uint8Array<ArrayBuffer>
}

export type Help = { line?: string | undefined; href?: string | undefined }

/** Everything about a site's appearance that does not depend on the request. Made once per change of the settings. */
export type Look = {
  company: string
  /** Name in `assets` of the own logo; undefined: the default mark. */
  logo: string | undefined
  help: Help
  styles: readonly string[]
  scripts: readonly string[]
  icon: string
  /** What the accent has become, for what is drawn rather than styled. */
  palette: Palette
  /** Served by the site below `/assets/`, by name. */
  assets: ReadonlyMap<string, Asset>
}

export type Brand = {
  company: string
  /** "#rrggbb". One that cannot be read is replaced by the default: ask `paletteOf` before storing it. */
  accent?: string | undefined
  logo?: LogoFile | undefined
  /** Shown in the footer of every page: a line such as a phone number, and the address of a help page. */
  help?: Help | undefined
  /** Further files of a door, such as its own script. Served; a page names the scripts it wants. */
  extras?: readonly Asset[] | undefined
}

const css = textAsset(new URL('./sallyport.css', import.meta.url), 'text/css')
const script = textAsset(new URL('../browser/sallyport.js', import.meta.url), 'text/javascript')
const extensions = { 'image/svg+xml': 'svg', 'image/png': 'png', 'image/webp': 'webp', 'image/jpeg': 'jpg' } as const

export function makeLook({ company, accent = defaultAccent, logo, help = {}, extras = [] }: Brand): Look {
  const palette = paletteOrDefault(accent)
  const brand = hashedAsset('brand.css', 'text/css; charset=utf-8', brandCss(palette))
  const icon = hashedAsset('icon.svg', 'image/svg+xml', String(iconSvg(palette)))
  const logoAsset = logo && hashedAsset(`logo.${extensions[logo.type]}`, logo.type, logo.body)
  const assets = [css, brand, script, icon, ...(logoAsset ? [logoAsset] : []), ...extras]

  return {
    company,
    logo: logoAsset?.name,
    help,
    styles: [css.name, brand.name],
    scripts: [script.name],
    icon: icon.name,
    palette,
    assets: new Map(assets.map((asset) => [asset.name, asset])),
  }
}

/** For error pages when the settings themselves cannot be had. */
export const plainLook: Look = makeLook({ company: 'Sallyport' })

/** The default mark: a gate within a gate. */
export const mark: Html = html`<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" aria-hidden="true" focusable="false"><path d="M4 28V16a12 12 0 0 1 24 0v12"/><path d="M11 28V18a5 5 0 0 1 10 0v10"/></svg>`

/** The only style with holes: they are colours that we have computed. */
function iconSvg({ light, dark }: Palette): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke-width="3" stroke-linecap="round"><style>path{stroke:${light.accent}}@media (prefers-color-scheme:dark){path{stroke:${dark.accent}}}</style><path d="M4 28V16a12 12 0 0 1 24 0v12"/><path d="M11 28V18a5 5 0 0 1 10 0v10"/></svg>`
}

function paletteOrDefault(accent: string): Palette {
  const wanted = paletteOf(accent)
  if (wanted.ok) return wanted.palette
  const ours = paletteOf(defaultAccent)
  if (ours.ok) return ours.palette
  throw new TypeError('the default accent must be readable')
}
