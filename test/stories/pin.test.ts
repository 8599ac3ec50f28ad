import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { fromBase32 } from '../../src/protocols/base32.ts'
import { stepAt, totp } from '../../src/protocols/totp.ts'
import { silent } from '../engine.ts'
import { looksRight, press, window } from './browser.ts'
import { codeAfter, heading, signIn } from './first-sign-in.ts'
import { act, ringing } from './phone-calls.ts'
import { sallyport } from './program.ts'

const carolsPhone = '+12065550102'
const bobsPhone = '+12065550177'
const alicesPhone = '+12065550100'

for (const javaScript of [true, false]) {
  describe(`PINs in a browser, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 600_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-pin-'))
    let demo: Demo
    before(async () => {
      demo = await startDemo({ port: 0, folder, tls: false, log: silent })
    })
    after(async () => {
      await demo?.close()
      rmSync(folder, { recursive: true, force: true })
    })
    /** On a phone: what fits there fits everywhere. */
    const looks = javaScript ? looksRight : async () => {}
    const open = async (): Promise<Page> => {
      const page = await (await window({ javaScript, width: 360 })).newPage()
      await page.goto(`${demo.url}/MultiFactorAuth/`)
      return page
    }
    const operator = async (args: string[], input?: string) => {
      const done = sallyport(['user', ...args, '--data', folder], input === undefined ? {} : { input })
      assert.equal(await done.ended, 0, done.said())
      return done.said()
    }

    test('Carol keys in a wrong PIN and then the right one, changes it, and signs in with the new one', async () => {
      const page = await open()
      await signIn(page, 'carol')
      await page.getByText('enter your PIN and press #').first().waitFor()
      await looks(page)
      const first = await ringing(demo, carolsPhone)
      await act(demo, first, 'answer', '1#')
      await act(demo, first, 'keys', '7392#')
      await act(demo, first, 'keys', '7393#')
      await page.getByText('The PIN was not right.').first().waitFor()
      await press(page, 'Call me again')
      await act(demo, await ringing(demo, carolsPhone), 'answer', '7391#')
      await heading(page, 'Your account')
      await looks(page)

      await page.getByRole('link', { name: 'Change your PIN' }).click()
      await heading(page, 'Change your PIN')
      await looks(page)
      await fill(page, { 'Current PIN': '7391', 'New PIN': '1234', 'New PIN again': '1235' })
      await press(page, 'Save')
      await page.getByText('This is not the same PIN.').waitFor()
      await fill(page, { 'Current PIN': '7391', 'New PIN': '1234', 'New PIN again': '1234' })
      await press(page, 'Save')
      await page.getByText('Its digits follow each other, as in 1234.').waitFor()
      assert.match(await page.title(), /^Error: /)
      await looks(page)
      await fill(page, { 'Current PIN': '7399', 'New PIN': '8264', 'New PIN again': '8264' })
      await press(page, 'Save')
      await page.getByText('That isn’t your current PIN. 4 tries left.').waitFor()
      assert.equal(await page.getByLabel('New PIN', { exact: true }).inputValue(), '', 'no PIN is sent back')
      await press(page, 'Save')
      await page.getByText('Enter your current PIN.').first().waitFor()
      await looks(page)
      await fill(page, { 'Current PIN': '7391', 'New PIN': '8264', 'New PIN again': '8264' })
      await press(page, 'Save')
      await page.getByText('You have a new PIN.').waitFor()
      await looks(page)
      await press(page, 'Sign out')

      await signIn(page, 'carol')
      await act(demo, await ringing(demo, carolsPhone), 'answer', '8264#')
      await heading(page, 'Your account')
    })

    test('Alice types code and PIN; the operator’s PIN opens nothing before she has chosen her own', async () => {
      await operator(['mode', 'alice', 'text', 'one-way-pin'])
      const said = await operator(['pin', 'alice', '--generate', '--must-change'])
      const [, given = ''] = /PIN: (\d{6})/.exec(said) ?? []
      const page = await open()
      const code = await codeAfter({ codes: phonesOf(demo) }, alicesPhone, () => signIn(page, 'alice'))
      await heading(page, 'Enter the code we sent')
      await looks(page)
      await page.getByLabel('6-digit code').fill(code)
      await press(page, 'Continue')
      await page.getByText('Enter your PIN.').waitFor()
      await looks(page)
      await fill(page, { '6-digit code': code, PIN: '0000' })
      await press(page, 'Continue')
      await page.getByText('The code or the PIN isn’t the one we expected. 4 tries left.').waitFor()
      assert.match(await page.title(), /^Error: /)
      await looks(page)
      await fill(page, { '6-digit code': code, PIN: given })
      await press(page, 'Continue')

      await heading(page, 'Choose your PIN')
      await page.getByText('Somebody else set your PIN.').waitFor()
      await looks(page)
      await page.goto(`${demo.url}/MultiFactorAuth/account`)
      await heading(page, 'Choose your PIN')
      await fill(page, { 'New PIN': '8264', 'New PIN again': '8264' })
      await press(page, 'Continue')
      await page.getByText('You have a new PIN.').waitFor()
    })

    test('Erin, who has no PIN yet, is led to choose one, and types it beside her code from then on', async () => {
      await operator(['mode', 'erin', 'oath', 'otp-pin'])
      const page = await open()
      await signIn(page, 'erin')
      await page.getByLabel('Code', { exact: true }).fill(await appCode(demo))
      await press(page, 'Continue')
      await page.getByText('At sign-in you now need a PIN as well').waitFor()
      await looks(page)
      await fill(page, { 'New PIN': '5038', 'New PIN again': '5038' })
      await press(page, 'Continue')
      await page.getByText('You have a new PIN.').waitFor()
      await press(page, 'Sign out')

      await signIn(page, 'erin')
      await looks(page)
      await fill(page, { Code: await appCode(demo, 1), PIN: '5038' })
      await press(page, 'Continue')
      await heading(page, 'Your account')
    })

    test('Bob chooses his PIN in User Setup, and keys it in when he is called', async () => {
      await operator(['mode', 'bob', 'call', 'pin'])
      const page = await open()
      await signIn(page, 'bob')
      await page.getByText('Phone call', { exact: true }).click()
      await press(page, 'Continue')
      await heading(page, 'Choose your PIN')
      await looks(page)
      await fill(page, { 'New PIN': '8264', 'New PIN again': '8264' })
      await press(page, 'Continue')
      await heading(page, 'Which phone should we call?')
      await page.getByLabel('Phone number').fill('206 555 0177')
      await press(page, 'Call Me Now to Authenticate')
      await act(demo, await ringing(demo, bobsPhone), 'answer', '8264#')
      await page.getByText('You’re set up.').waitFor()
      await page.getByText(/^Set on /).waitFor()
    })

    test('the operator takes a PIN away, and is told what a bad one is', async () => {
      assert.match(await operator(['pin', 'carol', '--remove']), /carol has no PIN/)
      const refused = sallyport(['user', 'pin', 'carol', '--stdin', '--data', folder], { input: '1234\n' })
      assert.equal(await refused.ended, 1)
      assert.match(refused.said(), /follow each other/)
    })
  })
}

async function fill(page: Page, answers: Record<string, string>): Promise<void> {
  for (const [label, text] of Object.entries(answers)) await page.getByLabel(label, { exact: true }).fill(text)
}

/** The codes that a phone of the demo got, newest first. */
function phonesOf({ url }: Demo) {
  return async (phone: string) => {
    const answer = await fetch(`${url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
    return ((await answer.json()) as { code?: string }[]).flatMap(({ code }) => (code === undefined ? [] : [code]))
  }
}

/** What Erin's app shows; `steps` later, since each code is taken once. */
async function appCode({ erinsSecret }: Demo, steps = 0): Promise<string> {
  const secret = fromBase32(erinsSecret ?? '') ?? new Uint8Array()
  return totp({ secret, step: stepAt(new Date(), 30) + steps, algorithm: 'SHA1', digits: 6 })
}
