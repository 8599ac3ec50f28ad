import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { brandCss, defaultAccent, grounds, paletteOf } from '../../src/inbound/web/design/brand.ts'
import { contrast, hex, parseColour, type Rgb } from '../../src/inbound/web/design/colour.ts'
import { makeLook } from '../../src/inbound/web/design/look.ts'

const channel = fc.integer({ min: 0, max: 255 })
const anyColour = fc.tuple(channel, channel, channel).map(hex)

describe('the accent', () => {
  test('whichever is taken can be read on every surface of both themes, and text on it too', () => {
    fc.assert(
      fc.property(anyColour, (accent) => {
        const verdict = paletteOf(accent)
        if (!verdict.ok) return
        for (const theme of ['light', 'dark'] as const) {
          const { accent, onAccent } = verdict.palette[theme]
          for (const ground of [...grounds[theme], onAccent])
            assert.ok(ratio(accent, ground) >= 4.5, `${accent} on ${ground}`)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('one that is refused comes with one that is taken', () => {
    fc.assert(
      fc.property(anyColour, (accent) => {
        const verdict = paletteOf(accent)
        if (verdict.ok) return
        assert.equal(verdict.complaint, 'accent.unreadable')
        assert.ok(verdict.complaint === 'accent.unreadable' && paletteOf(verdict.nearest).ok)
      }),
      { numRuns: 500 },
    )
  })

  test('yellow is refused, the default is taken as it is', () => {
    assert.equal(paletteOf('#ffcc00').ok, false)
    const ours = paletteOf(defaultAccent)
    assert.ok(ours.ok)
    assert.equal(ours.palette.light.accent, defaultAccent)
  })

  test('what is no colour never reaches the style sheet', () => {
    for (const text of ['', 'red', '#12', '#12345', '#1234567', '#ggg', 'red;}body{display:none', '#fff}']) {
      assert.deepEqual(paletteOf(text), { ok: false, complaint: 'accent.malformed' })
      const css = [...makeLook({ company: 'x', accent: text }).assets.values()].find(({ name }) =>
        name.startsWith('brand-'),
      )
      assert.match(String(css?.body), new RegExp(`--accent: ${defaultAccent}`))
    }
  })

  test('contrast is the one of WCAG', () => {
    assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21)
    assert.equal(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), '4.48')
  })
})

describe('the style sheet', () => {
  const css = readFileSync(new URL('../../src/inbound/web/design/sallyport.css', import.meta.url), 'utf8')
  const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block)

  test('has the surfaces that accents are judged against', () => {
    const surfaces = (block: string) => ['ground', 'surface'].map((name) => tokenOf(block, name))
    assert.deepEqual(new Set(surfaces(light)), new Set(grounds.light))
    for (const surface of surfaces(dark)) assert.ok((grounds.dark as readonly (string | undefined)[]).includes(surface))
  })

  test('every tone of text can be read on what it stands on', () => {
    const pairs = [
      ['ink', 'ground'],
      ['ink', 'surface'],
      ['ink-soft', 'ground'],
      ['ink-soft', 'surface'],
      ['ink', 'good-ground'],
      ['ink', 'warn-ground'],
      ['ink', 'bad-ground'],
      ['good', 'good-ground'],
      ['warn', 'warn-ground'],
      ['bad', 'bad-ground'],
      ['bad', 'surface'],
      ['bad', 'ground'],
      ['on-accent', 'accent'],
    ] as const
    for (const block of [light, dark]) {
      for (const [text, ground] of pairs) {
        assert.ok(ratio(tokenOf(block, text), tokenOf(block, ground)) >= 4.5, `${text} on ${ground}`)
      }
    }
  })

  test('lays out by start and end, so that it turns round for right-to-left', () => {
    const sided = /(margin|padding|border)-(left|right)|(^|[\s;{])(left|right)\s*:|text-align:\s*(left|right)/m
    assert.doesNotMatch(css, sided)
  })

  test('changes name with its content', () => {
    const names = (accent: string) => makeLook({ company: 'x', accent }).styles
    assert.equal(names('#1f4fd8')[0], names('#0b6b3a')[0])
    assert.notEqual(names('#1f4fd8')[1], names('#0b6b3a')[1])
    const green = paletteOf('#0b6b3a')
    assert.ok(green.ok && brandCss(green.palette).includes('#0b6b3a'))
  })
})

function ratio(one: string | undefined, other: string | undefined): number {
  return contrast(rgb(one), rgb(other))
}

function rgb(text = ''): Rgb {
  const colour = parseColour(text)
  assert.ok(colour, text)
  return colour
}

function tokenOf(block: string, name: string): string | undefined {
  return new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block)?.[1]
}
