import { type Asset, hashedAsset } from '../web/assets.ts'
import type { Look } from '../web/design/look.ts'
import { type IconShape, iconPng } from './icon.ts'

type Icon = { asset: Asset; size: number; shape: IconShape }

/** What is made anew when the company's name or accent changes. */
export type Drawn = { icons: readonly Icon[]; touchIcon: Asset; byName: ReadonlyMap<string, Asset> }

const drawn = new WeakMap<Look, Drawn>()

export function drawnFor(look: Look): Drawn {
  const known = drawn.get(look)
  if (known) return known
  const icons = [icon(look, 192, 'any'), icon(look, 512, 'any'), icon(look, 512, 'maskable')]
  // Apple's home screens cut the corners by themselves, and fill what is transparent with black.
  const touch = icon(look, 180, 'maskable').asset
  const made: Drawn = {
    icons,
    touchIcon: touch,
    byName: new Map([...icons.map(({ asset }) => asset), touch].map((asset) => [asset.name, asset])),
  }
  drawn.set(look, made)
  return made
}

function icon({ palette }: Look, size: number, shape: IconShape): Icon {
  const { accent, onAccent } = palette.light
  const picture = iconPng({ size, shape, ground: accent, ink: onAccent })
  return { asset: hashedAsset(`icon-${shape}-${size}.png`, 'image/png', picture), size, shape }
}
