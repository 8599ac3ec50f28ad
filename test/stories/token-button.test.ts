import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { codeOfHardware } from '../hardware.ts'
import { looksRight, press, window } from './browser.ts'
import { answer, heading, signIn } from './first-sign-in.ts'

for (const javaScript of [true, false]) {
  describe(`a token with a button, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 600_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-token-'))
    const looks = javaScript ? looksRight : async () => {}
    let demo: Demo
    before(async () => {
      demo = await startDemo({ port: 0, folder, tls: false, log: silent })
    })
    after(async () => {
      await demo?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    test('Ivy signs in with it, it runs away in her bag, she brings it back; then she enters one of her own', async () => {
      const context = await window({ javaScript, width: 360 })
      const [page, desk] = [await context.newPage(), await context.newPage()]
      await desk.goto(`${demo.url}/simulator/`)
      const next = () => pressed(desk)
      await looks(desk)

      await page.goto(`${demo.url}/MultiFactorAuth/`)
      await signIn(page, 'ivy')
      await heading(page, 'Enter the code from your app or token')
      await looks(page)
      await answer(page, await next())
      await heading(page, 'Your account')
      await page.getByText('Number ending in 0001').first().waitFor()
      await looks(page)
      await press(page, 'Sign out')

      for (let i = 0; i < 12; i++) await next()
      await signIn(page, 'ivy')
      await answer(page, await next())
      await page.getByText('That isn’t the code we expected. 4 tries left.').waitFor()
      await page.getByRole('link', { name: 'My token’s codes don’t work' }).click()
      await heading(page, 'Bring your token back in step')
      await looks(page)
      await press(page, 'Find my token')
      await page.getByText('Type both codes.').waitFor()
      await looks(page)
      await resynchronise(page, await next(), await next())
      await page.getByText('Your token is in step again. Now type the next code it shows.').waitFor()
      await looks(page)
      await answer(page, await next())
      await heading(page, 'Your account')
      await page.getByText('Token brought back in step').waitFor()

      await page.getByRole('link', { name: 'Bring in step Number ending in 0001' }).click()
      await looks(page)
      await resynchronise(page, '123456', '123456')
      await page.getByText('These are not two codes of your token in a row').first().waitFor()
      assert.match(await page.title(), /^Error: /)
      await resynchronise(page, await next(), await next())
      await page.getByText('The next code it shows will be taken.').waitFor()

      await press(page, 'Add your authenticator app')
      await page.getByRole('link', { name: 'I have a token with a secret of its own' }).click()
      await heading(page, 'Enter your token’s secret')
      await looks(page)
      await page.getByLabel('Secret').fill('not a secret 0189')
      await page.getByText('By a button', { exact: true }).click()
      await page.getByText('My token is different from most').click()
      await page.getByLabel('Counter of the next code').fill('a few')
      await looks(page)
      await press(page, 'Continue')
      await page.getByText('This is neither base 32').first().waitFor()
      assert.equal(await page.getByLabel('Secret').inputValue(), '', 'what could be a secret is not sent back')
      assert.ok(await page.getByLabel('By a button').isChecked())
      await looks(page)
      await page.getByLabel('Secret').fill(Buffer.from('own'.padEnd(20, '.')).toString('hex'))
      await press(page, 'Continue')
      await page.getByText('Type the counter in digits, or leave it empty.').first().waitFor()
      await page.getByLabel('Secret').fill(Buffer.from('own'.padEnd(20, '.')).toString('hex'))
      await page.getByLabel('Counter of the next code').fill('')
      await press(page, 'Continue')
      await heading(page, 'Show that it works')
      await looks(page)
      await prove(page, codeOfHardware('own', 1), codeOfHardware('own', 3))
      await page.getByText('That doesn’t go with the secret you entered.').first().waitFor()
      await looks(page)
      await prove(page, codeOfHardware('own', 3), codeOfHardware('own', 4))
      await heading(page, 'Your account')
      await page.getByText('Token with a button').waitFor()
      await looks(page)
      await context.close()
    })
  })
}

/** What the token shows at the next press. */
async function pressed(desk: Page): Promise<string> {
  const display = desk.locator('.phone:has-text("DEMO-0001") .shown-code code')
  const before = (await display.count()) === 0 ? '' : await display.textContent()
  await press(desk, 'Press the button')
  await desk.waitForLoadState()
  await display.filter({ hasNotText: before || 'nothing' }).waitFor()
  return ((await display.textContent()) ?? '').replaceAll(' ', '')
}

async function resynchronise(page: Page, first: string, second: string): Promise<void> {
  await page.getByLabel('First code').fill(first)
  await page.getByLabel('The code right after it').fill(second)
  await press(page, 'Find my token')
}

async function prove(page: Page, first: string, second: string): Promise<void> {
  await page.getByLabel('First code').fill(first)
  await page.getByLabel('The code right after it').fill(second)
  await press(page, 'Continue')
}
