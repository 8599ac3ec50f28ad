import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, press, window } from './browser.ts'
import { heading, signIn } from './first-sign-in.ts'

for (const javaScript of [true, false]) {
  describe(`mails of the demo in a browser, ${javaScript ? 'with' : 'without'} JavaScript`, {
    timeout: 600_000,
  }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-mail-'))
    let demo: Demo
    before(async () => {
      const settings = { 'lock.tries': 3, 'lock.budget': 3 }
      demo = await startDemo({ port: 0, folder, tls: false, settings, log: silent })
    })
    after(async () => {
      await demo?.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const looks = javaScript ? looksRight : async () => {}

    test('whoever locks Alice out has her and the help desk mailed, and she reads it', async () => {
      const simulator = await (await window({ javaScript })).newPage()
      await simulator.goto(`${demo.url}/simulator/`)
      await simulator.getByText('No mail yet.').waitFor()
      await looks(simulator)

      const page = await (await window({ javaScript })).newPage()
      await page.goto(`${demo.url}/MultiFactorAuth/`)
      await signIn(page, 'alice')
      for (let time = 0; time < 3; time++) {
        await page.getByLabel('Code').fill('000000')
        await press(page, 'Continue')
      }
      await page.getByText('locked').first().waitFor()

      await simulator.getByRole('link', { name: 'Contoso: alice is locked' }).waitFor()
      await simulator.getByRole('link', { name: 'Contoso: Your second step is locked' }).click()
      await heading(simulator, 'Contoso: Your second step is locked')
      await simulator.getByText('Hello Alice Adams,').first().waitFor()
      await looks(simulator)

      await simulator.getByRole('link', { name: 'See it as a mail program draws it' }).click()
      await heading(simulator, 'Your second step is locked')
      await simulator.getByRole('link', { name: 'See your account' }).click()
      await heading(simulator, 'Sign in')

      const answer = await fetch(`${demo.url}/simulator/api/mails?to=helpdesk@example.com`)
      const [mail] = (await answer.json()) as { text: string }[]
      assert.match(mail?.text ?? '', /Person: Alice Adams \(alice\)/)
    })
  })
}
