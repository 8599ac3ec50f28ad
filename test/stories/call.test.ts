import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, press, visit, window } from './browser.ts'
import { heading, signIn } from './first-sign-in.ts'
import { act, ringing, textedTo } from './phone-calls.ts'
import { sallyport } from './program.ts'

const alicesPhone = '+12065550100'
const carolsPhone = '+12065550102'
const backup = '+12065550188'
const bobsPhone = '+12065550177'

for (const javaScript of [true, false]) {
  describe(`phone calls in a browser, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 600_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-call-'))
    let demo: Demo
    before(async () => {
      demo = await startDemo({
        port: 0,
        folder,
        tls: false,
        log: silent,
        settings: { 'portal.prompt_backup_phone': true },
      })
      const withoutPin = sallyport(['user', 'mode', 'carol', 'call', 'standard', '--data', folder])
      assert.equal(await withoutPin.ended, 0, withoutPin.said())
    })
    after(async () => {
      await demo?.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const looks = javaScript ? looksRight : async () => {}

    test('Carol declines and is told, is called again, adds a backup phone that then rings, and reports fraud', async () => {
      const portal = `${demo.url}/MultiFactorAuth/`
      const page = await (await window({ javaScript })).newPage()
      await page.goto(portal)
      await signIn(page, 'carol')
      await heading(page, 'We’re calling you')
      await looks(page)
      await act(demo, await ringing(demo, carolsPhone), 'decline')
      await heading(page, 'The call was not confirmed')
      await page.getByText('The call was declined.').first().waitFor()
      await looks(page)

      await press(page, 'Call me again')
      await heading(page, 'We’re calling you')
      await act(demo, await ringing(demo, carolsPhone), 'answer', '#')
      await heading(page, 'Your account')
      await looks(page)

      await page.getByRole('link', { name: 'Add your backup phone' }).click()
      await heading(page, 'Which phone is your backup?')
      await looks(page)
      await page.getByLabel('Phone number').fill('206 555 0188')
      await page.getByLabel('Extension').fill('42')
      await press(page, 'Call Me Now to Authenticate')
      await heading(page, 'We’re calling you')
      await looks(page)
      await act(demo, await ringing(demo, backup), 'answer', '#')
      await page.getByText('Your backup phone was changed.').first().waitFor()
      await page.getByText('extension 42').first().waitFor()
      await press(page, 'Sign out')

      await page.goto(portal)
      await signIn(page, 'carol')
      await act(demo, await ringing(demo, carolsPhone), 'decline')
      const second = await ringing(demo, backup)
      await page.getByText('we’re calling your backup phone').first().waitFor()
      await act(demo, second, 'answer', '0#')
      await page.getByText('reported that this was not them').first().waitFor()
      await act(demo, second, 'keys', '1')
      await visit(page, portal)
      await heading(page, 'Sign in')
      await signIn(page, 'carol')
      await heading(page, 'Sign in')
    })

    test('Alice sets herself to calls, and keys in the number on her screen, not another', async () => {
      const page = await (await window({ javaScript })).newPage()
      await page.goto(`${demo.url}/MultiFactorAuth/`)
      const mode = sallyport(['user', 'mode', 'alice', 'call', 'number', '--data', folder])
      assert.equal(await mode.ended, 0, mode.said())
      await signIn(page, 'alice')
      await page.getByLabel('Code').fill(await textedTo(demo, alicesPhone))
      await press(page, 'Continue')
      await heading(page, 'Your account')
      await page.getByRole('link', { name: 'Change your method' }).click()
      await page.getByText('Phone call', { exact: true }).click()
      await press(page, 'Save')
      await heading(page, 'Your account')
      await press(page, 'Sign out')

      await signIn(page, 'alice')
      await heading(page, 'We’re calling you')
      const number = /\d\d/.exec((await page.locator('.number').textContent()) ?? '')?.[0] ?? ''
      await looks(page)
      const call = await ringing(demo, alicesPhone)
      await act(demo, call, 'answer', number === '42' ? '43#' : '42#')
      await act(demo, call, 'keys', `${number}#`)
      await heading(page, 'Your account')
    })

    test('Bob sets himself up with a phone call', async () => {
      const page = await (await window({ javaScript })).newPage()
      await page.goto(`${demo.url}/MultiFactorAuth/`)
      await signIn(page, 'bob')
      await page.getByText('Phone call', { exact: true }).click()
      await press(page, 'Continue')
      await heading(page, 'Which phone should we call?')
      await looks(page)
      await page.getByLabel('Phone number').fill('206 555 0177')
      await press(page, 'Call Me Now to Authenticate')
      await act(demo, await ringing(demo, bobsPhone), 'answer', '#')
      await page.getByText('You’re set up.').first().waitFor()
      await heading(page, 'One more thing, if you like')
      await looks(page)
      await page.getByRole('link', { name: 'Add a backup phone' }).click()
      await heading(page, 'Which phone is your backup?')
      await page.getByLabel('Phone number').fill('206 555 0189')
      await press(page, 'Call Me Now to Authenticate')
      await act(demo, await ringing(demo, '+12065550189'), 'answer', '#')
      await page.getByText('Your backup phone was changed.').first().waitFor()
      await page.getByText('+1 206 555 0177').waitFor()
    })
  })
}
