import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { en } from '../../src/i18n/en.ts'
import { authenticatorSite } from '../../src/inbound/authenticator/authenticator.ts'
import { iconPng } from '../../src/inbound/authenticator/icon.ts'
import { siteWith } from '../web/world.ts'

const base = '/authenticator'
const browser = new URL('../../src/inbound/authenticator/browser/', import.meta.url)

describe('the door of the mobile app', () => {
  test('serves one page, in the language of the browser and the look of the company, that runs no inline script', async () => {
    const { send } = world()
    const answer = await send(`${base}/`, { headers: { 'accept-language': 'de' } })
    const text = await answer.text()
    assert.equal(answer.status, 200)
    assert.match(text, /<html lang="de"/)
    assert.match(text, /Contoso/)
    assert.doesNotMatch(text, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=/)
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'.*script-src 'self'/)
  })

  test('says which languages there are, and whether the person has chosen one on this page', async () => {
    const { send } = world()
    const page = async (cookie: string) =>
      (await send(`${base}/`, { headers: { cookie, 'accept-language': 'de' } })).text()
    const [chosen, none, wrong] = await Promise.all(
      ['de', '', 'xx'].map((code) => page(`__Host-sallyport-language=${code}`)),
    )
    assert.match(none ?? '', / data-formats="{&#34;en&#34;:&#34;en-GB&#34;,&#34;de&#34;:&#34;de-DE&#34;}"/)
    assert.match(chosen ?? '', / data-chosen>/)
    for (const text of [none, wrong]) assert.doesNotMatch(text ?? '', /data-chosen/)
  })

  test('every address that the page, the manifest and the service worker name is there, for ever where it may be kept', async () => {
    const { send } = world()
    const named = new Set<string>()
    const page = await (await send(`${base}/`)).text()
    for (const [, address = ''] of page.matchAll(/ (?:href|src|data-worker)="(\/authenticator\/[^"#]*)"/g))
      named.add(address)
    const manifest = (await (await send(`${base}/manifest.webmanifest`)).json()) as Manifest
    for (const address of [manifest.start_url, ...manifest.icons.map(({ src }) => src)]) named.add(address)
    for (const address of (await shellOf(send)).files) named.add(address)

    assert.ok(named.size > 25, `${named.size}`)
    for (const address of named) {
      const answer = await send(address)
      assert.equal(answer.status, 200, address)
      const hashed = /\/(assets|app|icons)\//.test(address)
      if (hashed) assert.match(answer.headers.get('cache-control') ?? '', /immutable/, address)
    }
  })

  test('what is not there is a page that says so, of another version too', async () => {
    const { send } = world()
    const [script] = (await shellOf(send)).files.filter((file) => file.endsWith('/app.js'))
    for (const path of [
      `${base}/app/000000000000/app.js`,
      (script ?? '').replace('app.js', 'worker.js'),
      (script ?? '').replace('app.js', '..%2f..%2fdoor.ts'),
      `${base}/icons/icon-any-192-000000000000.png`,
      `${base}/elsewhere`,
    ])
      assert.equal((await send(path)).status, 404, path)
  })

  test('another accent is another service worker, and so is another word: browsers fetch what is new', async () => {
    const blue = await shellOf(world().send)
    const green = await shellOf(world('#0b6b3a').send)
    assert.notEqual(blue.version, green.version)
    assert.equal(blue.version, (await shellOf(world().send)).version)
  })

  test('the icons are PNG pictures of the size that the manifest says', async () => {
    const { send } = world()
    const { icons } = (await (await send(`${base}/manifest.webmanifest`)).json()) as Manifest
    assert.deepEqual(icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`).sort(), [
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ])
    for (const { src, sizes } of icons) {
      const picture = Buffer.from(await (await send(src)).arrayBuffer())
      assert.equal(`${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}`, sizes)
    }
  })
})

describe('the icon', () => {
  test('is the accent, with the mark on it, and round where it is not cut by others', () => {
    const pixel = pixelsOf(iconPng({ size: 64, shape: 'any', ground: '#102030', ink: '#f0f0f0' }), 64)
    assert.equal(pixel(0, 0).alpha, 0, 'the corner is cut')
    assert.deepEqual(pixel(32, 4), { colour: '102030', alpha: 255 })
    assert.deepEqual(pixel(32, 18), { colour: 'f0f0f0', alpha: 255 }, 'the outer gate')
    const cut = pixelsOf(iconPng({ size: 64, shape: 'maskable', ground: '#102030', ink: '#f0f0f0' }), 64)
    assert.equal(cut(0, 0).alpha, 255)
  })
})

describe('the modules of the app', () => {
  const modules = readdirSync(browser).filter((name) => name.endsWith('.js'))
  const textOf = (name: string) => readFileSync(new URL(name, browser), 'utf8')

  test('import one another and nothing else', () => {
    for (const name of modules) {
      for (const [, from = ''] of textOf(name).matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)) {
        assert.ok(from.startsWith('./') && modules.includes(from.slice(2)), `${name} imports ${from}`)
      }
    }
  })

  test('write no markup, and no text that becomes code', () => {
    for (const name of modules)
      assert.doesNotMatch(
        textOf(name),
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/,
        name,
      )
  })

  test('say every sentence that the catalogue has for them, and no other', () => {
    const code = modules.map(textOf).join('\n')
    const said = [...code.matchAll(/words\((?:\w+ === '' \? )?(['`])(.+?)\1/g)].map(([, , key = '']) => key)
    const keys = Object.keys(en)
      .filter((key) => key.startsWith('authenticator.'))
      .map((key) => key.slice('authenticator.'.length).replace(/\.(one|other)$/, ''))
    const elsewhere = ['title', 'no-script', 'manifest.name', 'manifest.description']
    const isSaid = (key: string) =>
      code.includes(`'${key}'`) || said.some((one) => one.includes('${') && pattern(one).test(key))
    assert.deepEqual(
      keys.filter((key) => !elsewhere.includes(key) && !isSaid(key)),
      [],
    )
    const isThere = (one: string) => keys.some((key) => pattern(one).test(key))
    assert.deepEqual(
      said.filter((one) => !isThere(one)),
      [],
    )
  })
})

type Manifest = { start_url: string; icons: { src: string; sizes: string; purpose: string }[] }
type Send = ReturnType<typeof world>['send']

/** The mobile app of Contoso at http://portal.test/authenticator/, without a socket. */
function world(accent = '#1f4fd8') {
  const site = { companyName: 'Contoso', accent, language: 'en', timeZone: 'UTC' }
  const value = { ...site, logInAllowed: true, passkeySignIn: false }
  const readSite = async () => ({ ok: true, value }) as const
  const now = () => new Date('2026-01-01T12:00:00Z')
  return siteWith({ base, ...authenticatorSite({ api: { readSite }, now, mobilePath: '/mobile' }) })
}

async function shellOf(send: Send): Promise<{ version: string; files: string[] }> {
  const [, shell = '{}'] = /^const shell = (.*)$/m.exec(await (await send(`${base}/worker.js`)).text()) ?? []
  return JSON.parse(shell)
}

function pattern(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('.+')}$`)
}

/** As simple as what is read: one chunk of data, rows without a filter. */
function pixelsOf(picture: Uint8Array, size: number) {
  const bytes = Buffer.from(picture)
  const at = bytes.indexOf('IDAT')
  const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)))
  return (x: number, y: number) => {
    const from = y * (1 + size * 4) + 1 + x * 4
    return { colour: rows.subarray(from, from + 3).toString('hex'), alpha: rows[from + 3] }
  }
}
