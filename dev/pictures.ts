import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { demoPassword } from '../src/app/demo/accounts.ts'
import { startDemo } from '../src/app/demo/demo.ts'
import { createLog } from '../src/outbound/log.ts'
import { chromiumOptions } from './gallery.ts'

/**
 * `node dev/pictures.ts FOLDER [light|dark] [WIDTH] [LANGUAGE]`: the portal's pages as pictures, from the running demo.
 * Without a folder it makes those of the README.
 */
const forReadme = ['sign-in', 'code', 'waiting', 'app', 'account', 'phone-simulator']
const [folder = 'docs/pictures', theme = 'light', width = '1000', locale = 'en'] = process.argv.slice(2)

const data = mkdtempSync(join(tmpdir(), 'sallyport-pictures-'))
const demo = await startDemo({ port: 0, folder: data, tls: false, log: createLog({ level: 'warn', format: 'auto' }) })
const browser = await chromium.launch(chromiumOptions)
try {
  mkdirSync(folder, { recursive: true })
  const colorScheme = theme === 'dark' ? 'dark' : 'light'
  const size = { width: Number(width), height: Number(width) < 500 ? 740 : 620 }
  const page = await browser.newPage({ colorScheme, locale, viewport: size })
  const all = process.argv[2] !== undefined
  const pictureOf = (of: Page) => async (name: string) => {
    if (!all && !forReadme.includes(name)) return
    await of.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
  await walk(page, pictureOf(page))
  const phone = await (await browser.newContext({ colorScheme, locale, viewport: size })).newPage()
  await walkWithApp(page, phone, { onPage: pictureOf(page), onPhone: pictureOf(phone) })
} finally {
  await browser.close()
  await demo.close()
  rmSync(data, { recursive: true, force: true })
}

/** Bob's way from the first page to his account and out again, by what does not change with the language. */
async function walk(page: Page, picture: (name: string) => Promise<void>): Promise<void> {
  const portal = `${demo.url}/MultiFactorAuth`
  const send = async (fields: Record<string, string>, next: string) => {
    for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value)
    await page.locator('main form button[type=submit]:not(.peek-button)').first().click()
    await page.waitForURL(next)
  }
  const signIn = (next: string) => send({ username: 'bob', password: demoPassword }, next)

  await page.goto(`${portal}/`)
  await picture('sign-in')
  await send({ username: 'bob', password: 'a slip' }, '**/sign-in')
  await picture('sign-in-error')
  await signIn('**/setup')
  await picture('setup')
  await send({}, '**/setup/phone')
  await send({ number: '206 555 01' }, '**/setup/phone')
  await picture('phone-error')
  await send({ number: '206 555 0177' }, '**/setup/phone/code')
  await page.waitForTimeout(1_000)
  await picture('setup-code')
  await send({ code: await newestCode() }, '**/account?done=setup')
  await picture('account')
  await page.goto(`${portal}/account/phone`)
  await picture('account-phone')
  await page.goto(`${portal}/account/language`)
  await picture('account-language')
  await page.goto(`${portal}/account/activity`)
  await picture('activity')
  await page.goto(`${portal}/account`)
  await page.locator('form[action$="/token/new"] button').click()
  await page.waitForURL('**/account/token')
  await picture('token')
  await page.locator('.bar form button').click()
  await page.waitForURL('**/sign-in?notice=signed-out')
  await signIn('**/second-step**')
  await page.waitForTimeout(1_000)
  await picture('code')
  await send({ code: '12345' }, '**/second-step**')
  await picture('code-error')
  await page.goto(`${portal}/second-step/ways`)
  await picture('ways')
  for (let i = 0; i < 4; i++) {
    await page.goto(`${portal}/second-step`)
    await send({ code: '000000' }, '**/second-step**')
  }
  await picture('locked')
  await page.goto(`${portal}/nothing-here`)
  await picture('missing')
  await page.goto(`${demo.url}/simulator/`)
  await picture('phone-simulator')
  await page.locator('.mailbox a').first().click()
  await page.waitForURL('**/mails/**')
  await picture('mail')
  await page.goto(`${page.url()}/html`)
  await picture('mail-drawn')
}

type Pictures = Record<'onPage' | 'onPhone', (name: string) => Promise<void>>

/** Dave puts the app on his phone, and is asked there: by what does not change with the language either. */
async function walkWithApp(page: Page, phone: Page, { onPage, onPhone }: Pictures): Promise<void> {
  const portal = `${demo.url}/MultiFactorAuth`
  const approve = async () => {
    const text = (await page.locator('.number').textContent()) ?? ''
    await phone.locator('#number').fill(text.trim().slice(-2))
  }
  await page.context().clearCookies()
  await page.goto(`${portal}/`)
  await page.locator('#username').fill('dave')
  await page.locator('#password').fill(demoPassword)
  await page.locator('main form button[type=submit]:not(.peek-button)').first().click()
  await page.waitForURL('**/setup')
  await page.goto(`${portal}/setup/app`)
  await onPage('app-start')
  await page.locator('.actions button').click()
  await page.waitForURL('**/setup/app/code')
  await onPage('app-code')
  const link = (await page.locator('a[target=_blank]').getAttribute('href')) ?? ''
  await phone.goto(link)
  await phone.locator('#name').fill('Pixel 7')
  await onPhone('app-activate')
  await phone.locator('form button.primary').click()
  await phone.locator('#otp').waitFor()
  await onPhone('app-home')
  await page.locator('form[action$="/app/ask"] button').click()
  await page.locator('.number').waitFor()
  await approve()
  await phone.locator('form button.primary').click()
  await page.waitForURL('**/account?done=setup')
  await onPage('app-account')
  await page.locator('.bar form button').click()
  await page.locator('#username').fill('dave')
  await page.locator('#password').fill(demoPassword)
  await page.locator('main form button[type=submit]:not(.peek-button)').first().click()
  await page.locator('.number').waitFor()
  await onPage('waiting')
  await phone.locator('#number').waitFor()
  await approve()
  await onPhone('app')
  await phone.locator('form button.primary').click()
  await phone.locator('.outcome').waitFor()
  await onPhone('app-approved')
}

async function newestCode(): Promise<string> {
  const answer = await fetch(`${demo.url}/simulator/api/messages?to=%2B12065550177`)
  const [newest] = (await answer.json()) as { code?: string }[]
  return newest?.code ?? ''
}
