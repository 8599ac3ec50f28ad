import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Hono } from 'hono'
import { HtmlValidate } from 'html-validate'
import { type Browser, chromium } from 'playwright-core'
import { chromiumOptions, galleryPages, openGallery } from '../../dev/gallery.ts'
import { codeField } from '../../src/inbound/web/design/fields.ts'
import { doorPage } from '../../src/inbound/web/design/layout.ts'
import { makeLook } from '../../src/inbound/web/design/look.ts'
import { events, type PageRequest, page } from '../../src/inbound/web/http.ts'
import { type Listener, listen } from '../../src/inbound/web/listen.ts'
import { mountSite } from '../../src/inbound/web/site.ts'
import type { EventChannel, ServerEvent } from '../../src/inbound/web/sse.ts'

const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const views = [
  { theme: 'light', width: 1100, locale: 'en' },
  { theme: 'dark', width: 360, locale: 'de' },
] as const

describe('every component, in every state', { timeout: 600_000 }, () => {
  let gallery: Listener
  let browser: Browser
  before(async () => {
    gallery = await openGallery()
    browser = await chromium.launch({ ...chromiumOptions, timeout: 60_000 })
  })
  after(async () => {
    await browser?.close()
    await gallery?.close()
  })

  for (const { theme, width, locale } of views) {
    test(`axe finds nothing, and nothing is wider than the window: ${theme}, ${width} px, ${locale}`, async () => {
      const context = await browser.newContext({
        bypassCSP: true,
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale,
        viewport: { width, height: 800 },
      })
      const tab = await context.newPage()
      for (const name of Object.keys(galleryPages)) {
        await tab.goto(`${gallery.url}/${name}`)
        await tab.evaluate(axe)
        const found = (await tab.evaluate('axe.run()')) as AxeAnswer
        const summary = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
        assert.deepEqual(summary, [], name)
        assert.ok(found.passes.length > 10, 'axe has looked')
        const wider = await tab.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.ok(Number(wider) <= 0, `${name} is ${wider} px too wide`)
      }
      await context.close()
    })
  }

  test('no page breaks its own content security policy or has an error in its script', async () => {
    const tab = await browser.newPage()
    const complaints: string[] = []
    tab.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    tab.on('pageerror', (error) => void complaints.push(String(error)))
    for (const name of Object.keys(galleryPages)) await tab.goto(`${gallery.url}/${name}`)
    await tab.close()
    assert.deepEqual(complaints, [])
  })

  test('every page is valid HTML', async () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:recommended'],
      // A waiting page reloads every five seconds where there is no script to tell it that something happened.
      rules: { 'meta-refresh': 'off', 'no-trailing-whitespace': 'off' },
    })
    for (const name of Object.keys(galleryPages)) {
      const text = await (await fetch(`${gallery.url}/${name}`)).text()
      const { results } = await validator.validateString(text)
      const messages = results.flatMap((result) =>
        result.messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
      )
      assert.deepEqual(messages, [], name)
    }
  })

  test('a password can be shown, and is hidden again before it is sent', async () => {
    const tab = await browser.newPage()
    await tab.goto(`${gallery.url}/sign-in`)
    const password = tab.locator('#password')
    await password.fill('correct horse')
    await tab.getByRole('button', { name: 'Show: Password' }).click()
    assert.equal(await password.getAttribute('type'), 'text')
    await tab.getByRole('button', { name: 'Hide: Password' }).click()
    assert.equal(await password.getAttribute('type'), 'password')
    await tab.close()
  })

  test('the language is changed in the footer, without script, and the person stays on the page', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en' })
    const tab = await context.newPage()
    await tab.goto(`${gallery.url}/sign-in`)
    await tab.locator('details.language summary').click()
    await tab.getByRole('button', { name: 'Deutsch' }).click()
    await tab.locator('html[lang=de]').waitFor()
    assert.equal(new URL(tab.url()).pathname, '/sign-in')
    await tab.getByRole('button', { name: 'Weiter' }).waitFor()
    await context.close()
  })

  test('a pasted code loses its spaces and dashes', async () => {
    const tab = await browser.newPage()
    await tab.goto(`${gallery.url}/code`)
    await tab.locator('#code').fill('')
    await tab.evaluate(`{
      const clipboardData = new DataTransfer()
      clipboardData.setData('text', '482–915 ')
      document.querySelector('#code').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }`)
    assert.equal(await tab.locator('#code').inputValue(), '482915')
    await tab.close()
  })

  test('a waiting page renews itself, keeps what was typed, and moves on', async () => {
    const { url, say, close } = await waitingSite()
    const tab = await browser.newPage()
    await tab.goto(`${url}/wait`)
    await tab.locator('#code').fill('12')
    say({ name: 'changed' })
    await tab.getByRole('heading', { name: 'Asked 2 times' }).waitFor()
    await tab
      .locator('body > [role=status]')
      .filter({ hasText: /^Asked 2 times$/ })
      .waitFor({ state: 'attached' })
    assert.equal(await tab.locator('#code').inputValue(), '12')
    assert.equal(await tab.evaluate('document.activeElement.id'), 'code')
    say({ name: 'go', data: '/arrived' })
    await tab.waitForURL('**/arrived')
    await tab.close()
    await close()
  })

  test('the first page with all its files is below 10 KB compressed', async () => {
    const sizes = await Promise.all((await addressesOf('sign-in')).map(transferred))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    assert.ok(total < 10 * 1024, `${total} bytes`)
  })

  async function addressesOf(name: string): Promise<string[]> {
    const text = await (await fetch(`${gallery.url}/${name}`)).text()
    const files = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => `${gallery.url}${path}`)
    return [`${gallery.url}/${name}`, ...files]
  }
})

/** A page that says how often it was drawn, and a voice to tell it that something happened. */
async function waitingSite() {
  let drawn = 0
  const listening = Promise.withResolvers<EventChannel>()
  const app = new Hono()
  const waitPage = (request: PageRequest) =>
    doorPage(request, {
      heading: `Asked ${++drawn} times`,
      live: '/live',
      body: codeField(request.t, { name: 'code', label: 'Code', length: 6 }),
    })
  const stream = async (channel: EventChannel) => {
    listening.resolve(channel)
    await new Promise((done) => channel.signal.addEventListener('abort', done))
  }
  mountSite(app, {
    base: '',
    look: () => makeLook({ company: 'Contoso' }),
    failure: () => 500,
    now: () => new Date(),
    newId: () => '1',
    tls: false,
    routes: [
      { method: 'GET', path: '/wait', who: 'anyone', handler: (request) => page(waitPage(request)) },
      { method: 'GET', path: '/live', who: 'anyone', handler: () => events(stream) },
      {
        method: 'GET',
        path: '/arrived',
        who: 'anyone',
        handler: (request) => page(doorPage(request, { heading: 'Here', body: '' })),
      },
    ],
  })
  const { url, close } = await listen({ app, host: '127.0.0.1', port: 0 })
  return { url, close, say: (event: ServerEvent) => void listening.promise.then(({ send }) => send(event)) }
}

type AxeAnswer = { passes: unknown[]; violations: { id: string; nodes: { html: string }[] }[] }

async function transferred(url: string): Promise<number> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, async (response) => {
      let bytes = 0
      for await (const chunk of response) bytes += chunk.length
      resolve(bytes)
    })
      .on('error', reject)
      .end()
  })
}
