import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after } from 'node:test'
import { type Browser, type BrowserContext, chromium, type LaunchOptions, type Page } from 'playwright-core'
import { chromiumOptions } from '../../dev/gallery.ts'

/** On a machine that has much else to do. Nobody waits so long where what is waited for comes. */
const MAY_TAKE_MS = 60_000

let options: LaunchOptions = chromiumOptions
let running: Promise<Browser> | undefined
after(async () => (await running)?.close())

export type Wishes = {
  javaScript?: boolean
  theme?: 'light' | 'dark'
  width?: number
  locale?: string
  ignoreCertificate?: boolean
}

/** Notifications are shown by the whole browser only, which costs twice what its pages do. To be said before the first window. */
export function useWholeBrowser(): void {
  options = { ...chromiumOptions, executablePath: '/usr/bin/chromium' }
}

/** It shows the Kerberos tickets of that environment to that host. To be said before the first window. */
export function showTickets(host: string, env: Record<string, string>): void {
  const args = [...chromiumOptions.args, `--auth-server-allowlist=${host}`]
  options = { ...chromiumOptions, args, env: { ...process.env, ...env } }
}

/** A browser window of its own, as one person has it. */
export async function window({
  javaScript = true,
  theme = 'light',
  width = 1100,
  locale = 'en',
  ignoreCertificate = false,
}: Wishes = {}): Promise<BrowserContext> {
  running ??= chromium.launch({ ...options, timeout: MAY_TAKE_MS })
  const context = await (await running).newContext({
    javaScriptEnabled: javaScript,
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale,
    viewport: { width, height: 800 },
    ignoreHTTPSErrors: ignoreCertificate,
  })
  context.setDefaultTimeout(MAY_TAKE_MS)
  return context
}

const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
type AxeAnswer = { violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }

/** axe finds nothing, and nothing is wider than the window. The page's own policy stays as it is: axe runs as the debugger. */
export async function looksRight(page: Page): Promise<void> {
  const where = new URL(page.url()).pathname
  await page.evaluate(axe)
  const found = (await page.evaluate('axe.run()')) as AxeAnswer
  const summary = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  assert.deepEqual(summary, [], where)
  assert.ok(found.passes.length > 10, `axe has looked at ${where}`)
  const wider = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  assert.ok(wider <= 0, `${where} is ${wider} px too wide`)
}

const MOVED_ON = /interrupted by another navigation|ERR_ABORTED/

/** As somebody types an address: a page that moves on by itself at that moment does not keep them from it. */
export async function visit(page: Page, address: string, triesLeft = 3): Promise<void> {
  try {
    await page.goto(address)
  } catch (error) {
    if (triesLeft === 0 || !(error instanceof Error && MOVED_ON.test(error.message))) throw error
    await page.waitForLoadState()
    await visit(page, address, triesLeft - 1)
  }
}

/**
 * Every form is sent as the browser sends it, with the button that stands in it. What comes of it is there to the end
 * afterwards, so that it can be read at once.
 */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click()
  await page.waitForLoadState()
}
