import { grounds } from '../web/design/brand.ts'
import type { Frame } from '../web/http.ts'
import { drawnFor } from './drawn.ts'

/** W3C Web App Manifest. Relative to nothing: every address is whole. */
export function manifestOf({ t, language, look, to }: Frame): object {
  return {
    id: to('/'),
    start_url: to('/'),
    scope: to('/'),
    name: t('authenticator.manifest.name', { company: look.company }),
    short_name: look.company,
    description: t('authenticator.manifest.description', { company: look.company }),
    lang: language,
    display: 'standalone',
    background_color: grounds.light[1],
    theme_color: grounds.light[1],
    icons: drawnFor(look).icons.map(({ asset, size, shape }) => ({
      src: to(`/icons/${asset.name}`),
      sizes: `${size}x${size}`,
      type: asset.type,
      purpose: shape,
    })),
  }
}
