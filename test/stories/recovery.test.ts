import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, press, window } from './browser.ts'
import { answer, codeAfter, heading, signIn } from './first-sign-in.ts'

const alicesPhone = '+12065550100'

for (const javaScript of [true, false]) {
  describe(`recovery codes in a browser, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 600_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-recovery-'))
    let demo: Demo
    before(async () => {
      demo = await startDemo({ port: 0, folder, tls: false, log: silent })
    })
    after(async () => {
      await demo?.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const looks = javaScript ? looksRight : async () => {}
    const codes = async (phone: string) => textsOf(demo, phone, 'code')

    test('Alice makes a list, signs in with a code of it, and the same code is refused', async () => {
      const place = { portal: `${demo.url}/MultiFactorAuth/`, codes, erinsSecret: '' }
      const page = await (await window({ javaScript, width: 360 })).newPage()
      await page.goto(place.portal)
      await answer(page, await codeAfter(place, alicesPhone, () => signIn(page, 'alice')))
      await heading(page, 'Your account')
      await looks(page)

      await page.getByRole('link', { name: 'Make a list of recovery codes' }).click()
      await heading(page, 'Make recovery codes?')
      await looks(page)
      await press(page, 'Make the codes')
      await heading(page, 'Your recovery codes')
      await looks(page)
      const list = await page.locator('.code-list code').allTextContents()
      assert.equal(list.length, 10)
      const [used = '', other = ''] = list
      assert.match(used, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
      await page.getByRole('link', { name: 'I have kept them' }).click()
      await page.getByText('You have new recovery codes.').waitFor()
      await page.getByText('10 left').waitFor()
      assert.ok(!(await page.content()).includes(used))
      await press(page, 'Sign out')

      await recover(page, place.portal, used.toLowerCase())
      await page.getByText('9 left').waitFor()
      await page.getByText('A recovery code was used').waitFor()
      await looks(page)
      await told(demo, alicesPhone, 'a recovery code of yours was used, 9 left')
      await press(page, 'Sign out')

      await recover(page, place.portal, used)
      await page.getByText('That isn’t the code we expected. 4 tries left.').waitFor()
      assert.match(await page.title(), /^Error: /)
      await looks(page)
      await answer(page, ` ${other} `)
      await heading(page, 'Your account')

      await page.getByRole('link', { name: 'Make a new list of recovery codes' }).click()
      await page.getByText('The 8 codes that you have left stop working.').waitFor()
      await looks(page)
    })

    if (javaScript) {
      test('the list fits on one sheet of paper, with nothing to press on it', async () => {
        const place = { portal: `${demo.url}/MultiFactorAuth/`, codes, erinsSecret: '' }
        const page = await (await window()).newPage()
        await page.goto(place.portal)
        const phone = '+12065550103'
        await answer(page, await codeAfter(place, phone, () => signIn(page, 'helen')))
        await heading(page, 'Your account')
        await page.goto(`${place.portal}account/recovery`)
        await press(page, 'Make the codes')
        await page.getByRole('button', { name: 'Print' }).waitFor()

        const sheet = await page.pdf({ format: 'A5' })
        assert.equal((sheet.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length, 1)
        await page.emulateMedia({ media: 'print' })
        assert.equal(await page.getByRole('button', { name: 'Print' }).isVisible(), false)
        assert.equal(await page.locator('.code-list li').first().isVisible(), true)
        assert.ok(await page.getByText('helen', { exact: true }).isVisible())
      })
    }
  })
}

async function recover(page: Page, portal: string, code: string): Promise<void> {
  await page.goto(portal)
  await signIn(page, 'alice')
  await heading(page, 'Enter the code we sent')
  await page.getByRole('link', { name: 'Use another way to prove it’s you' }).click()
  await heading(page, 'How else can you prove it’s you?')
  await page.getByRole('link', { name: 'A recovery code' }).click()
  await heading(page, 'Enter one of your recovery codes')
  await page.getByLabel('Recovery code').fill(code)
  await press(page, 'Continue')
}

async function told(demo: Demo, phone: string, what: string): Promise<void> {
  while (!(await textsOf(demo, phone, 'text')).some((text) => text.includes(what))) await sleep(50)
}

async function textsOf({ url }: Demo, phone: string, what: 'code' | 'text'): Promise<string[]> {
  const answer = await fetch(`${url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
  const messages = (await answer.json()) as { code?: string; text: string }[]
  return messages.flatMap((message) => message[what] ?? [])
}
