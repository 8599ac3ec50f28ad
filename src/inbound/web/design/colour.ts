/** Colour arithmetic for the brand: WCAG 2.2 contrast, and OKLCH (Ottosson 2020) to go lighter or darker in the same hue. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** "#1f4fd8" or "#abc"; undefined for anything else. */
export function parseColour(text: string): Rgb | undefined {
  const [, short] = /^#([0-9a-f]{3})$/i.exec(text) ?? []
  const [, long] = /^#([0-9a-f]{6})$/i.exec(text) ?? []
  const digits = long ?? (short && [...short].map((digit) => digit + digit).join(''))
  if (!digits) return undefined
  const channel = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16)
  return [channel(0), channel(2), channel(4)]
}

export function hex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** WCAG 2.2 "contrast ratio": 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

export function leastContrast(colour: Rgb, grounds: readonly Rgb[]): number {
  return Math.min(...grounds.map((ground) => contrast(colour, ground)))
}

/** The nearest colour of the same hue, lighter or darker, that reads on all `grounds`; undefined if there is none. */
export function readable(
  colour: Rgb,
  grounds: readonly Rgb[],
  way: 'lighter' | 'darker',
  ratio = 4.5,
): Rgb | undefined {
  const { lightness, chroma, hue } = toLch(colour)
  const end = way === 'lighter' ? 1 : 0
  for (let step = 0; step <= 200; step++) {
    const candidate = fromLch({ lightness: lightness + ((end - lightness) * step) / 200, chroma, hue })
    if (leastContrast(candidate, grounds) >= ratio) return candidate
  }
  return undefined
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => linear(channel / 255)) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function encoded(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
}

type Lch = { lightness: number; chroma: number; hue: number }

function toLch(colour: Rgb): Lch {
  const [red, green, blue] = colour.map((channel) => linear(channel / 255)) as [number, number, number]
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  }
}

/** Chroma gives way until the colour exists on a screen. */
function fromLch({ lightness, chroma, hue }: Lch): Rgb {
  for (let part = 1; part > 0; part -= 0.05) {
    const channels = channelsOf({ lightness, chroma: chroma * part, hue })
    if (channels.every((channel) => channel >= -0.001 && channel <= 1.001))
      return channels.map(toByte) as unknown as Rgb
  }
  return channelsOf({ lightness, chroma: 0, hue }).map(toByte) as unknown as Rgb
}

function channelsOf({ lightness, chroma, hue }: Lch): [number, number, number] {
  const a = chroma * Math.cos(hue)
  const b = chroma * Math.sin(hue)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function toByte(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255)
}
