import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { fromBase32 } from '../../src/protocols/base32.ts'
import { stepAt, totp } from '../../src/protocols/totp.ts'
import { silent } from '../engine.ts'
import { press, window } from './browser.ts'
import { heading } from './first-sign-in.ts'

/** The mobile app in a browser of its own: somebody's phone. */
export type Phone = { context: BrowserContext; page: Page; app: string; code(at: Date): string }

/** Opens the link of the picture, as a phone's camera does, and activates. */
export async function activate(link: string, name: string, wishes: Parameters<typeof window>[0] = {}): Promise<Phone> {
  const context = await window({ width: 360, ...wishes })
  const page = await context.newPage()
  let secret = ''
  page.on('response', async (response) => {
    if (!response.url().endsWith('/v1/activate')) return
    const answer = (await response.json()) as { value?: { oath?: { secret: string } } }
    secret = answer.value?.oath?.secret ?? secret
  })
  await page.goto(link)
  await heading(page, 'Connect this device')
  await page.getByLabel('Name of this device').fill(name)
  await press(page, 'Activate')
  await page.getByText('This device is connected.').waitFor()
  const code = (at: Date) =>
    totp({
      secret: fromBase32(secret) ?? new Uint8Array(),
      step: stepAt(at, 30),
      algorithm: 'SHA1',
      digits: 6,
    })
  return { context, page, app: link.replace(/#.*/, ''), code }
}

/** What the camera sees: the picture's own text, which stands as a link beside it too. */
export async function linkOf(page: Page): Promise<string> {
  const link = await page.getByRole('link', { name: /open the app/ }).getAttribute('href')
  assert.match(link ?? '', /^http:\/\/localhost:\d+\/authenticator\/#activate=[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  return link ?? ''
}

/** The number on the waiting page. */
export async function numberOf(page: Page): Promise<string> {
  const text = (await page.locator('.number').textContent()) ?? ''
  return /\d\d$/.exec(text.trim())?.[0] ?? assert.fail(text)
}

export async function approve({ page }: Phone, number: string): Promise<void> {
  await heading(page, /^Is this you/)
  await page.getByLabel('Type the number from the sign-in page').fill(number)
  await press(page, 'Authenticate')
}

/** A demo of its own for the tests around it. */
export function demoFor(settings: Record<string, unknown>) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-app-'))
  let demo: Demo
  before(async () => {
    demo = await startDemo({ port: 0, folder, tls: false, settings, log: silent })
  })
  after(async () => {
    await demo?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { url: () => demo.url, portal: () => `${demo.url}/MultiFactorAuth/` }
}
