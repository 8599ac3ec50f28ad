import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, press, window } from './browser.ts'
import { answer, codeAfter, heading, signIn } from './first-sign-in.ts'

const alicesPhone = '+12065550100'
const chosen = [
  ['toy', 'Bruno'],
  ['street', 'Mill Lane'],
  ['job', 'Bakery'],
  ['book', 'Momo'],
] as const

for (const javaScript of [true, false]) {
  describe(`security questions in a browser, ${javaScript ? 'with' : 'without'} JavaScript`, {
    timeout: 600_000,
  }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-questions-'))
    let demo: Demo
    before(async () => {
      const settings = { 'portal.questions_fallback': true, 'portal.questions_needed': 3 }
      demo = await startDemo({ port: 0, folder, tls: false, log: silent, settings })
    })
    after(async () => {
      await demo?.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const looks = javaScript ? looksRight : async () => {}

    test('Alice chooses four, is told what is wrong with them, and answers them at her next sign-in', async () => {
      const portal = `${demo.url}/MultiFactorAuth/`
      const place = { portal, codes: (phone: string) => codesOf(demo, phone), erinsSecret: '' }
      const page = await (await window({ javaScript, width: 360 })).newPage()
      await page.goto(portal)
      await answer(page, await codeAfter(place, alicesPhone, () => signIn(page, 'alice')))
      await page.getByRole('link', { name: 'Add security questions' }).click()
      await heading(page, 'Choose and answer 4 questions')
      await looks(page)
      for (const [i, [question, said]] of chosen.entries()) {
        await page.getByLabel(`Question ${i + 1}`).selectOption(question)
        await page.getByLabel(`Answer ${i + 1}`).fill(i === 0 ? 'x' : said)
      }
      await press(page, 'Save')
      await page.getByRole('link', { name: 'This answer is too short.' }).waitFor()
      await looks(page)
      for (const [i, [, said]] of chosen.entries()) await page.getByLabel(`Answer ${i + 1}`).fill(said)
      await press(page, 'Save')
      await page.getByText('Your security questions were saved.').waitFor()
      await page.getByText('4 answered').waitFor()
      await looks(page)
      await press(page, 'Sign out')

      await page.goto(portal)
      await signIn(page, 'alice')
      await page.getByRole('link', { name: 'Use another way to prove it’s you' }).click()
      await page.getByRole('link', { name: 'Your security questions' }).click()
      await heading(page, 'Answer your security questions')
      await looks(page)
      await page.getByLabel('What was your first soft toy called?').fill('bruno')
      await press(page, 'Continue')
      await page.getByText('These were not the answers we expected. 4 tries left.').waitFor()
      await looks(page)
      await page.getByLabel('What was your first soft toy called?').fill('bruno')
      await page.getByLabel('In which street did you live as a child?').fill('mill lane')
      await page.getByLabel('Where did you earn your first money?').fill('At the bakery')
      await page.getByLabel('Which book did you read more often than any other?').fill('MOMO')
      await press(page, 'Continue')
      await heading(page, 'Your account')
      await page.getByText('Signed in · Security questions').waitFor()
    })
  })
}

async function codesOf({ url }: Demo, phone: string): Promise<string[]> {
  const answer = await fetch(`${url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
  const messages = (await answer.json()) as { code?: string }[]
  return messages.flatMap(({ code }) => code ?? [])
}
