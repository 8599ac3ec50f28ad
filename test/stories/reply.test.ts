import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, press, window } from './browser.ts'
import { bobsPhone, heading, signIn } from './first-sign-in.ts'

const franksPhone = '+12065550105'
const alicesPhone = '+12065550100'
const stranger = '+12065550166'

for (const javaScript of [true, false]) {
  describe(`replies in a browser, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 600_000 }, () => {
    test('Frank replies in the simulator; a wrong reply, one from another phone and one too late do not let him in', async () => {
      const { portal, simulator, looks, text, send, makeLate } = await world(javaScript)
      const page = await portal()
      const first = await text(franksPhone, () => signIn(page, 'frank'))
      await heading(page, 'Reply to our text')
      await page.getByText('•••• ••01 05').first().waitFor()
      await looks(page)

      await send({ from: stranger, text: first })
      await send({ from: franksPhone, text: first === '111111' ? '222222' : '111111' })
      await page.getByText('The reply was not right. You can reply 4 more times.').first().waitFor()
      await looks(page)

      makeLate()
      await page.reload()
      await page.getByText('The text was not replied to in time.').first().waitFor()
      await looks(page)
      await send({ from: franksPhone, text: first })
      await page.reload()
      await heading(page, 'No right reply came')

      const second = await text(franksPhone, () => press(page, 'Send it again'))
      await heading(page, 'Reply to our text')
      const phones = await simulator()
      await looks(phones)
      await phones.getByLabel('Reply to this text').first().fill(second)
      await phones.getByRole('button', { name: 'Send' }).first().click()
      await phones.getByText('Sent text').first().waitFor()
      await heading(page, 'Your account')
      await looks(page)
      await press(page, 'Sign out')
      await page.getByText('signed out').first().waitFor()
    })

    test('Alice replies with the number on her screen, and not with another', async () => {
      const { portal, looks, text, send } = await world(javaScript, { 'text.mode': 'two-way-number' })
      const page = await portal()
      assert.equal(await text(alicesPhone, () => signIn(page, 'alice')), '')
      await heading(page, 'Reply to our text')
      const number = /\d\d/.exec((await page.locator('.number').textContent()) ?? '')?.[0] ?? ''
      await looks(page)
      await send({ from: alicesPhone, text: number === '42' ? '43' : '42' })
      await page.getByText('The reply was not right.').first().waitFor()
      await send({ from: alicesPhone, text: number })
      await heading(page, 'Your account')
    })

    test('Bob chooses a PIN, sets himself up by a reply with it, and signs in so; with another PIN he does not', async () => {
      const { portal, looks, text, send } = await world(javaScript, { 'text.mode': 'two-way-pin' })
      const page = await portal()
      await signIn(page, 'bob')
      await page.getByLabel('Text message').check()
      await press(page, 'Continue')
      await heading(page, 'Choose your PIN')
      await page.getByLabel('New PIN', { exact: true }).fill('739146')
      await page.getByLabel('New PIN again', { exact: true }).fill('739146')
      await press(page, 'Continue')
      await page.getByLabel('Phone number').fill('206 555 0177')
      const code = await text(bobsPhone, () => press(page, 'Text Me Now to Authenticate'))
      await heading(page, 'Reply to our text')
      await page.getByText('a space and your PIN').first().waitFor()
      await looks(page)
      await send({ from: bobsPhone, text: `${code} 739146` })
      await page.getByText('You’re set up.').first().waitFor()
      await page.getByText('+1 206 555 0177').waitFor()
      await press(page, 'Sign out')

      const again = await portal()
      const next = await text(bobsPhone, () => signIn(again, 'bob'))
      await send({ from: bobsPhone, text: `${next} 739147` })
      await again.getByText('The reply was not right.').first().waitFor()
      await send({ from: bobsPhone, text: `${next}, 739146` })
      await heading(again, 'Your account')
    })
  })
}

/** The demo, and what a person with a phone does beside it. `text` answers the code of the text that the act brought. */
async function world(javaScript: boolean, settings: Record<string, unknown> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-reply-'))
  const demo: Demo = await startDemo({ port: 0, folder, tls: false, log: silent, settings })
  after(async () => {
    await demo.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const open = async (path: string): Promise<Page> => {
    const page = await (await window({ javaScript })).newPage()
    await page.goto(demo.url + path)
    return page
  }
  const messages = async (phone: string) => {
    const answer = await fetch(`${demo.url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
    return (await answer.json()) as { code?: string }[]
  }
  return {
    looks: javaScript ? looksRight : async () => {},
    portal: () => open('/MultiFactorAuth/'),
    simulator: () => open('/simulator/'),
    async text(phone: string, act: () => Promise<void>): Promise<string> {
      const before = (await messages(phone)).length
      await act()
      for (;;) {
        const [newest, ...older] = await messages(phone)
        if (newest && older.length >= before) return newest.code ?? ''
        await sleep(50)
      }
    },
    async send(reply: { from: string; text: string }): Promise<void> {
      const answer = await fetch(`${demo.url}/simulator/api/replies`, { method: 'POST', body: JSON.stringify(reply) })
      assert.equal(answer.status, 200, await answer.text())
    },
    /** The time of what is asked now has come. */
    makeLate(): void {
      const database = new DatabaseSync(join(folder, 'sallyport.db'))
      database.exec('PRAGMA busy_timeout = 5000; UPDATE prompt SET expires_at = created_at + 1')
      database.close()
    },
  }
}
