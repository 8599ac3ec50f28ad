import { hex, leastContrast, parseColour, type Rgb, readable } from './colour.ts'

export const defaultAccent = '#1f4fd8'

/** The grounds that the accent is read on, per theme: as in sallyport.css (a test compares). */
export const grounds = {
  light: ['#ffffff', '#f5f6f8'],
  dark: ['#0f131b', '#171c26', '#1d2330'],
} as const

type Theme = { accent: string; onAccent: string }
export type Palette = { light: Theme; dark: Theme }

/** `nearest`: the closest accent of the same hue that can be read, to offer instead. */
export type AccentVerdict =
  | { ok: true; palette: Palette }
  | { ok: false; complaint: 'accent.malformed' }
  | { ok: false; complaint: 'accent.unreadable'; nearest: string }

/**
 * Both themes from the organisation's one accent, a "#rrggbb". The accent is text (links) as well as ground (buttons), so
 * it must reach 4.5 : 1 on every light surface (WCAG 2.2, 1.4.3); the dark twin is the same hue, light enough for the dark ones.
 */
export function paletteOf(accent: string): AccentVerdict {
  const colour = parseColour(accent)
  if (!colour) return { ok: false, complaint: 'accent.malformed' }

  const [light, dark] = [surfaces('light'), surfaces('dark')]
  if (leastContrast(colour, light) < 4.5) {
    const nearest = readable(colour, light, 'darker')
    return { ok: false, complaint: 'accent.unreadable', nearest: nearest ? hex(nearest) : defaultAccent }
  }
  const twin = readable(colour, dark, 'lighter', 7) ?? [255, 255, 255]
  return { ok: true, palette: { light: theme(colour), dark: theme(twin) } }
}

/** brand.css: the content security policy allows no inline style, so the accent comes as a small file of its own. */
export function brandCss({ light, dark }: Palette): string {
  const rule = ({ accent, onAccent }: Theme) => `:root { --accent: ${accent}; --on-accent: ${onAccent} }`
  return `${rule(light)}\n@media (prefers-color-scheme: dark) { ${rule(dark)} }\n`
}

/** White or near-black, whichever reads better; one of the two always reaches 4.5 : 1. */
function theme(accent: Rgb): Theme {
  const [white, dark]: [Rgb, Rgb] = [
    [255, 255, 255],
    [11, 18, 32],
  ]
  const onAccent = leastContrast(accent, [white]) >= 4.5 ? white : dark
  return { accent: hex(accent), onAccent: hex(onAccent) }
}

function surfaces(name: keyof typeof grounds): Rgb[] {
  return grounds[name].map((text) => parseColour(text) ?? [0, 0, 0])
}
