import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startDemo } from '../../src/app/demo/demo.ts'
import { catalogues } from '../../src/i18n/catalogue.ts'
import { silent } from '../engine.ts'
import { looksRight, window } from './browser.ts'
import { codeAfter, type Place } from './first-sign-in.ts'

const phone = '+12065550177'
const password = 'sallyport-demo'

test('the whole of the portal in German, on a small phone in the dark: no sentence is left in English', {
  timeout: 600_000,
}, async () => {
  const { place, texts } = await demo()
  const page = await (await window({ width: 360, theme: 'dark', locale: 'de-DE' })).newPage()
  const seen = new Set<string>()
  const see = async () => {
    await isGerman(page)
    const title = await page.title()
    if (!seen.has(title)) await looksRight(page)
    seen.add(title)
  }

  await walk(page, place, see)

  assert.ok(seen.size >= 18, [...seen].join('\n'))
  // Two codes and the notice of the lock, which is on its way by itself.
  while ((await texts()).length < 3) await new Promise((soon) => setTimeout(soon, 50))
  for (const text of await texts()) assert.match(text, /Ihr Code ist|Ihr zweiter Schritt ist gesperrt/, text)
})

/** Bob enrols, adds an app, looks at everything, signs in again and locks himself out; by what is the same in each language. */
async function walk(page: Page, place: Place, see: () => Promise<void>): Promise<void> {
  const open = async (path: string) => {
    await page.goto(place.portal + path)
    await see()
  }
  const send = async (fields: Record<string, string>, next: string) => {
    for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value)
    await page.locator('main form button[type=submit]:not(.peek-button)').first().click()
    await page.waitForURL(next)
    await see()
  }

  await open('')
  await send({}, '**/sign-in')
  await send({ username: 'bob', password: 'not his' }, '**/sign-in')
  await send({ username: 'bob', password }, '**/setup')
  await page.locator('label', { hasText: catalogues.de['method.text'] }).click()
  await send({}, '**/setup/phone')
  for (const number of ['', '206 555 01', 'x', '111 111 1111']) await send({ number }, '**/setup/phone')
  const code = await codeAfter(place, phone, () => send({ number: '206 555 0177' }, '**/setup/phone/code'))
  await send({ code: '12345' }, '**/setup/phone/code')
  await send({ code }, '**/account?done=setup')

  for (const path of ['account/activity', 'account/phone', 'second-step', 'second-step/ways']) {
    await open(path)
  }
  // Kept on the account, so that notices come in it whoever set them off.
  await open('account/language')
  await send({}, '**/account?done=language')
  await page.locator('form[action$="/token/new"] button').click()
  await page.waitForURL('**/account/token')
  await see()
  await send({ code: '12345' }, '**/account/token')
  await open('account/token/start')
  for (const done of ['phone', 'token', 'token-removed', 'method']) await open(`account?done=${done}`)
  await open('no-such-page')
  await open('sign-out')

  await open('account')
  await page.locator('.bar form button').click()
  await page.waitForURL('**/sign-in?notice=signed-out')
  await see()
  await open('sign-in?notice=ended')
  await open('sign-in?notice=enrolment-off')
  await codeAfter(place, phone, () => send({ username: 'bob', password }, '**/second-step'))
  for (let i = 0; i < 5; i++) await send({ code: '12345' }, '**/second-step*')
  await page.locator('h1', { hasText: catalogues.de['locked.heading'] }).waitFor()
}

const patternOf = (sentence: string) =>
  new RegExp(`^${sentence.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+')}$`, 's')
const german = Object.values(catalogues.de).map(patternOf)
const same = new Set<string>(Object.values(catalogues.de))
const english = Object.values(catalogues.en)
  .filter((sentence) => !same.has(sentence))
  .map(patternOf)
/** In any German page these words would be English ones. */
const englishWords = /\b(the|you|your|and|with|from|this|of|are|have|not|try|again|enter|choose)\b/i

async function isGerman(page: Page): Promise<void> {
  const where = new URL(page.url()).pathname
  assert.equal(await page.locator('html').getAttribute('lang'), 'de', where)

  const title = (await page.title()).replace(/ – Contoso$/, '').replace(`${catalogues.de['frame.error']} `, '')
  assert.ok(german.some((sentence) => sentence.test(title)) && !english.some((sentence) => sentence.test(title)), title)

  const pieces = (await page.evaluate(piecesOfPage)) as string[]
  assert.ok(pieces.length > 5, where)
  for (const piece of pieces) {
    // Countries have their names from the system, and some the same in both languages.
    assert.ok(!piece.startsWith('United States (') && !piece.startsWith('Germany ('), where)
    if (/ \(\+\d+\)$/.test(piece)) continue
    if (german.some((sentence) => sentence.test(piece))) continue
    assert.ok(!english.some((sentence) => sentence.test(piece)), `${where}: ${piece}`)
    assert.doesNotMatch(piece, englishWords, where)
  }
}

/** Every text of a page, and what stands in for text. */
const piecesOfPage = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const pieces = []
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode
    if (!parentElement.closest('script, style, noscript')) pieces.push(data.trim())
  }
  for (const name of ['alt', 'aria-label', 'title', 'placeholder', 'data-show', 'data-hide', 'data-show-what', 'data-hide-what']) {
    for (const element of document.querySelectorAll('[' + name + ']')) pieces.push(element.getAttribute(name).trim())
  }
  return pieces.filter((piece) => piece !== '')
})()`

async function demo() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-languages-'))
  const running = await startDemo({ port: 0, folder, tls: false, log: silent })
  after(async () => {
    await running.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const messages = async () => {
    const answer = await fetch(`${running.url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
    return (await answer.json()) as { code?: string; text: string }[]
  }
  const place: Place = {
    portal: `${running.url}/MultiFactorAuth/`,
    codes: async () => (await messages()).flatMap(({ code }) => code ?? []),
    erinsSecret: '',
  }
  return { place, texts: async () => (await messages()).map(({ text }) => text) }
}
