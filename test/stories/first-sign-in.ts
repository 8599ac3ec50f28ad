import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { fromBase32 } from '../../src/protocols/base32.ts'
import { stepAt, totp } from '../../src/protocols/totp.ts'
import { press } from './browser.ts'

const run = promisify(execFile)

/** Where the story plays: a portal somewhere, and phones whose texts can be read. */
export type Place = {
  portal: string
  /** The codes that a phone got, newest first. */
  codes(phone: string): Promise<string[]>
  erinsSecret: string
}

export const bobsPhone = '+12065550177'

/** Bob enrols with a text, signs out, signs in again with a new code; his old code is refused. Erin signs in with oathtool's code, once. */
export async function firstSignIn(
  place: Place,
  open: () => Promise<BrowserContext>,
  see: (page: Page) => Promise<void>,
): Promise<void> {
  const used = await bobEnrols(place, await open(), see)
  await bobSignsInAgain(place, await open(), used, see)
  await erinSignsIn(place, open, see)
}

async function bobEnrols(place: Place, window: BrowserContext, see: (page: Page) => Promise<void>): Promise<string> {
  const page = await window.newPage()
  await page.goto(place.portal)
  await see(page)
  await signIn(page, 'bob', 'not his password')
  assert.equal(await page.getByLabel('User name').inputValue(), 'bob', 'what was typed stays')
  assert.match(await page.title(), /^Error: /)
  await see(page)

  await signIn(page, 'bob')
  await heading(page, 'How do you want to prove it’s you?')
  await see(page)
  await page.getByLabel('Text message').check()
  await press(page, 'Continue')
  await page.getByLabel('Phone number').fill('206 555 01')
  await press(page, 'Text Me Now to Authenticate')
  assert.equal(await page.getByLabel('Phone number').inputValue(), '206 555 01', 'what was typed stays')
  await page.getByText('This number is too short for the country you chose (United States).').waitFor()
  await see(page)
  await page.getByLabel('Phone number').fill('206 555 0177')
  const code = await codeAfter(place, bobsPhone, () => press(page, 'Text Me Now to Authenticate'))
  await heading(page, 'Enter the code we sent')
  await see(page)
  await page.getByLabel('6-digit code').fill(`${code.slice(0, 3)} ${code.slice(3)}`)
  await press(page, 'Continue')

  await page.getByText('You’re set up.').waitFor()
  await heading(page, 'Your account')
  await see(page)
  await press(page, 'Sign out')
  await page.getByText('You are signed out.').waitFor()
  await see(page)
  await page.goto(`${place.portal}account`)
  await heading(page, 'Sign in')
  await window.close()
  return code
}

async function bobSignsInAgain(
  place: Place,
  window: BrowserContext,
  used: string,
  see: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await window.newPage()
  await page.goto(place.portal)
  const code = await codeAfter(place, bobsPhone, () => signIn(page, 'bob'))
  await heading(page, 'Enter the code we sent')
  if (used !== code) {
    await answer(page, used)
    await page.getByText('That isn’t the code we expected. 4 tries left.').waitFor()
    await see(page)
  }
  await answer(page, code)
  await heading(page, 'Your account')
  await page.getByText('Signed in').first().waitFor()
  await window.close()
}

async function erinSignsIn(
  place: Place,
  open: () => Promise<BrowserContext>,
  see: (page: Page) => Promise<void>,
): Promise<void> {
  const window = await open()
  const page = await window.newPage()
  await page.goto(place.portal)
  await signIn(page, 'erin')
  await heading(page, 'Enter the code from your app or token')
  await see(page)
  const code = await oathtool(place.erinsSecret)
  await answer(page, code)
  await heading(page, 'Your account')
  await window.close()

  const again = await open()
  const second = await again.newPage()
  await second.goto(place.portal)
  await signIn(second, 'erin')
  await answer(second, code)
  await second.getByText('That isn’t the code we expected.').waitFor()
  await second.getByRole('link', { name: 'Use another way to prove it’s you' }).click()
  await heading(second, 'How else can you prove it’s you?')
  await see(second)
  await again.close()
}

export async function signIn(page: Page, username: string, password = 'sallyport-demo'): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Continue')
}

export async function answer(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox').first().fill(code)
  await press(page, 'Continue')
}

export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
  // And what stands below it.
  await page.waitForLoadState()
}

/** The code that the act sends to a phone. */
export async function codeAfter(place: Pick<Place, 'codes'>, phone: string, act: () => Promise<void>): Promise<string> {
  const before = (await place.codes(phone)).length
  await act()
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    const codes = await place.codes(phone)
    if (codes.length > before && codes[0]) return codes[0]
  }
  throw new Error(`no text came to ${phone}`)
}

/** The other side's code where oathtool is installed, else our own; the vectors of RFC 6238 hold ours. */
async function oathtool(secret: string): Promise<string> {
  try {
    return (await run('oathtool', ['--totp', '-b', secret])).stdout.trim()
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
    return totp({
      secret: fromBase32(secret) ?? new Uint8Array(),
      step: stepAt(new Date(), 30),
      algorithm: 'SHA1',
      digits: 6,
    })
  }
}
