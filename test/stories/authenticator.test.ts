import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { toString as qrPicture } from 'qrcode'
import { activate, approve, demoFor, linkOf, numberOf, type Phone } from './authenticator.ts'
import { looksRight, press, visit, window } from './browser.ts'
import { answer, heading, signIn } from './first-sign-in.ts'

for (const javaScript of [true, false]) {
  describe(`the mobile app in a browser, the portal ${javaScript ? 'with' : 'without'} JavaScript`, {
    timeout: 600_000,
  }, () => {
    const demo = demoFor({ 'call.fraud_blocks': true })
    const looks = javaScript ? looksRight : async () => {}
    let phone: Phone

    test('Dave activates it by the picture, and User Setup ends when his phone approves', async () => {
      const page = await (await window({ javaScript })).newPage()
      await page.goto(demo.portal())
      await signIn(page, 'dave')
      await page.getByText('Mobile app', { exact: true }).click()
      await press(page, 'Continue')
      await heading(page, 'Put the app on your phone')
      await looks(page)
      await press(page, 'Generate Activation Code')
      await heading(page, 'Activate the app')
      await looks(page)
      const link = await linkOf(page)
      assert.equal(await page.locator('.picture').getAttribute('src'), await pictureOf(link))

      phone = await activate(link, 'Pixel 7')
      await looksRight(phone.page)
      assert.doesNotMatch(phone.page.url(), /#/, 'the code is out of the address')
      await goOn(page, 'I have activated it')
      await heading(page, 'Pixel 7 is connected')
      await looks(page)
      await press(page, 'Authenticate Me Now')
      await heading(page, 'Approve on your phone')
      await looks(page)
      await heading(phone.page, 'Is this you, setting up this app?')
      await looksRight(phone.page)
      await approve(phone, await numberOf(page))
      await heading(phone.page, 'Approved')
      await looksRight(phone.page)
      await goOn(page, 'I have answered')
      await page.getByText('You’re set up.').first().waitFor()
      await page.getByRole('link', { name: 'Remove Pixel 7' }).waitFor()
      await looks(page)
      await press(page, 'Sign out')
    })

    test('he signs in with the number of the page; a mistyped one ends the question', async () => {
      const page = await (await window({ javaScript })).newPage()
      await page.goto(demo.portal())
      await signIn(page, 'dave')
      await heading(page, 'Approve on your phone')
      await page.getByText('We asked').getByText('Pixel 7').waitFor()
      await looks(page)
      await heading(phone.page, 'Is this you signing in?')
      await phone.page.getByText('Chrome on Linux').waitFor()
      await press(phone.page, 'Authenticate')
      await phone.page.getByText('Type the two digits that the sign-in page shows.').waitFor()
      await looksRight(phone.page)
      const wrong = (Number(await numberOf(page)) + 1) % 100
      await approve(phone, String(wrong).padStart(2, '0'))
      await heading(phone.page, 'That was not the number')
      await looksRight(phone.page)
      await goOn(page, 'I have answered')
      await heading(page, 'It was not approved')
      await page.getByText('The number that was typed on the phone was not the one on this page.').first().waitFor()
      await looks(page)

      await press(page, 'Send it again')
      await heading(page, 'Approve on your phone')
      await approve(phone, await numberOf(page))
      await goOn(page, 'I have answered')
      await heading(page, 'Your account')
      await press(page, 'Sign out')
    })

    test('without a network the app opens and shows a code, which signs him in', async () => {
      await phone.page.evaluate('navigator.serviceWorker.ready')
      await phone.context.setOffline(true)
      await phone.page.reload()
      await heading(phone.page, 'Nothing to approve')
      await phone.page.getByText('There is no connection.').waitFor()
      await looksRight(phone.page)
      const code = await shownBy(phone)

      const page = await (await window({ javaScript })).newPage()
      await page.goto(demo.portal())
      await signIn(page, 'dave')
      await page.getByRole('link', { name: 'Use a code from the app' }).click()
      await answer(page, code)
      await heading(page, 'Your account')
      await press(page, 'Sign out')
      await phone.context.setOffline(false)
      await phone.page.getByText('There is no connection.').waitFor({ state: 'hidden' })
    })

    test('he denies, and the page says so; he reports fraud, and nobody signs in to his account any more', async () => {
      const page = await (await window({ javaScript })).newPage()
      await page.goto(demo.portal())
      await signIn(page, 'dave')
      await heading(page, 'Approve on your phone')
      await heading(phone.page, 'Is this you signing in?')
      await press(phone.page, 'No, it’s not me')
      await heading(phone.page, 'Refused')
      await looksRight(phone.page)
      await goOn(page, 'I have answered')
      await page.getByText('It was denied on your phone.').first().waitFor()
      await press(page, 'Send it again')
      await heading(page, 'Approve on your phone')

      await heading(phone.page, 'Is this you signing in?')
      await press(phone.page, 'report fraud')
      await heading(phone.page, 'Report fraud?')
      await looksRight(phone.page)
      await press(phone.page, 'Back')
      await heading(phone.page, 'Is this you signing in?')
      await press(phone.page, 'report fraud')
      await press(phone.page, 'Report fraud')
      await heading(phone.page, 'Your account is blocked')
      await looksRight(phone.page)
      await visit(page, demo.portal())
      await heading(page, 'Sign in')
      await signIn(page, 'dave')
      await heading(page, 'Sign in')
    })
  })
}

describe('the mobile app with a PIN', { timeout: 600_000 }, () => {
  const demo = demoFor({ 'app.mode': 'pin' })

  test('Dave chooses it in User Setup; the phone asks for it beside the number, and tells a wrong one', async () => {
    const page = await (await window()).newPage()
    await page.goto(demo.portal())
    await signIn(page, 'dave')
    await page.getByText('Mobile app', { exact: true }).click()
    await press(page, 'Continue')
    await page.getByLabel('New PIN', { exact: true }).fill('8264')
    await page.getByLabel('New PIN again', { exact: true }).fill('8264')
    await page.locator('main form button.primary').click()
    await press(page, 'Generate Activation Code')
    const phone = await activate(await linkOf(page), 'Pixel 7')
    await press(page, 'Authenticate Me Now')
    await approve(phone, await numberOf(page))
    await page.getByText('You’re set up.').first().waitFor()
    await press(page, 'Sign out')

    await signIn(page, 'dave')
    await page.getByText('It asks for your PIN too.').first().waitFor()
    await looksRight(page)
    await approve(phone, await numberOf(page))
    await phone.page.getByText('Enter your PIN.').waitFor()
    await phone.page.getByLabel('PIN', { exact: true }).fill('8265')
    await press(phone.page, 'Authenticate')
    await phone.page.getByText('That isn’t your PIN. 4 tries left.').waitFor()
    assert.equal(await phone.page.getByLabel('PIN', { exact: true }).inputValue(), '')
    await looksRight(phone.page)
    await phone.page.getByLabel('PIN', { exact: true }).fill('8264')
    await press(phone.page, 'Authenticate')
    await heading(phone.page, 'Approved')
    await heading(page, 'Your account')
  })
})

describe('the mobile app in German', { timeout: 600_000 }, () => {
  const demo = demoFor({})

  test('is German in the portal and on the phone', async () => {
    const page = await (await window({ width: 360, locale: 'de' })).newPage()
    await page.goto(demo.portal())
    await page.getByLabel('Benutzername').fill('dave')
    await page.getByLabel('Passwort', { exact: true }).fill('sallyport-demo')
    await page.locator('main form button.primary').click()
    await page.getByText('App', { exact: true }).click()
    await press(page, 'Weiter')
    await looksRight(page)
    await press(page, 'Aktivierungscode erzeugen')
    await looksRight(page)
    const link = (await page.getByRole('link', { name: 'App hier öffnen' }).getAttribute('href')) ?? ''
    const phone = await (await window({ width: 360, locale: 'de', theme: 'dark' })).newPage()
    await phone.goto(link.replace(/#.*/, ''))
    await heading(phone, 'Dieses Gerät verbinden')
    await press(phone, 'Aktivieren')
    await phone.getByText('Geben Sie den Aktivierungscode ein.').waitFor()
    await looksRight(phone)
    await phone.getByLabel('Aktivierungscode').fill('K7QX 2M9D T4WB')
    await press(phone, 'Aktivieren')
    await phone.getByText('Dieser Code gilt nicht').waitFor()
    const [, code = ''] = /activate=(.*)$/.exec(link) ?? []
    await phone.getByLabel('Aktivierungscode').fill(code.toLowerCase().replaceAll('-', ' '))
    await press(phone, 'Aktivieren')
    await phone.getByText('Dieses Gerät ist verbunden.').waitFor()
    await looksRight(phone)
    await press(page, 'Jetzt bestätigen')
    await heading(page, 'Auf dem Telefon bestätigen')
    await looksRight(page)
    await heading(phone, 'Richten Sie gerade diese App ein?')
    await looksRight(phone)
    const number = await numberOf(page)
    await phone.getByLabel('Zahl von der Anmeldeseite').fill(number)
    await press(phone, 'Bestätigen')
    await heading(phone, 'Bestätigt')
    await heading(page, 'Ihr Konto')
    await looksRight(page)

    await page.goto(`${demo.portal()}account/language`)
    await page.locator('main').getByText('English', { exact: true }).click()
    await page.locator('main form button.primary').click()
    await heading(page, 'Your account')
    await phone.reload()
    await heading(phone, 'Nothing to approve')
    assert.deepEqual(await phone.locator('html, #content').evaluateAll(langs), ['de', 'en'])
    await looksRight(phone)
    await phone.locator('details.language summary').click()
    await phone.locator('details.language').getByRole('button', { name: 'Deutsch' }).click()
    await heading(phone, 'Nichts zu bestätigen')
    assert.deepEqual(await phone.locator('html, #content').evaluateAll(langs), ['de', 'de'])
  })
})

/** The code that the app shows, which is the right one: after a step it takes a second to show the next. */
async function shownBy({ page, code }: Phone): Promise<string> {
  let shown = ''
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    shown = ((await page.locator('#otp').textContent()) ?? '').replace(/\s/g, '')
    if (shown === code(new Date())) return shown
  }
  return assert.fail(`it shows ${shown}`)
}

/** What the marks of a page say that it is written in. */
function langs(marked: { lang: string }[]): string[] {
  return marked.map(({ lang }) => lang)
}

/** Pages move on by themselves where there is script; else by a button, or when they load again. */
async function goOn(page: Page, name: string): Promise<void> {
  const there = page.getByRole('link', { name })
  // It may move on between the look and the click; whoever waits for the next page sees to that.
  if (await there.isVisible()) await there.click({ timeout: 5_000 }).catch(() => {})
}

async function pictureOf(link: string): Promise<string> {
  const svg = await qrPicture(link, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}
