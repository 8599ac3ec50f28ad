import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { CDPSession, Page } from 'playwright-core'
import { activate, approve, demoFor, linkOf, numberOf, type Phone } from './authenticator.ts'
import { press, useWholeBrowser, window } from './browser.ts'
import { heading, signIn } from './first-sign-in.ts'

useWholeBrowser()

describe('what is pushed to the mobile app', { timeout: 600_000 }, () => {
  const demo = demoFor({})
  let page: Page
  let phone: Phone
  before(
    async () => {
      page = await (await window()).newPage()
      await page.goto(demo.portal())
      await signIn(page, 'dave')
      await page.getByText('Mobile app', { exact: true }).click()
      await press(page, 'Continue')
      await press(page, 'Generate Activation Code')
      phone = await activate(await linkOf(page), 'Pixel 7')
      await phone.context.grantPermissions(['notifications'], { origin: demo.url() })
      await press(page, 'Authenticate Me Now')
      await approve(phone, await numberOf(page))
      await page.getByText('You’re set up.').waitFor()
      await press(page, 'Sign out')
      await phone.page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    },
    { timeout: 600_000 },
  )
  test('wakes a closed app by a notification that says nothing of the question; its link leads there', async () => {
    // Another page of the same place, so that there is a browser and no app.
    await phone.page.goto(`${demo.url()}/simulator/`)
    const { deliver } = await pushes(phone, demo.url())
    await signIn(page, 'dave')
    await heading(page, 'Approve on your phone')
    const [shown] = await notified(phone.page, () => deliver({ kind: 'prompt', prompt: 'whatever-it-is' }))
    assert.deepEqual(shown, {
      title: 'Contoso',
      body: 'Is this you signing in? Open the app to answer.',
      data: { prompt: 'whatever-it-is' },
    })
    // What a press opens. Chromium lets nobody but a person press it.
    await phone.page.goto(`${phone.app}#prompt=whatever-it-is`)
    await heading(phone.page, 'Is this you signing in?')
    await approve(phone, await numberOf(page))
    await heading(page, 'Your account')
    await press(page, 'Sign out')
  })

  test('is shown at once where the app is open, without a notification', async () => {
    const { deliver } = await pushes(phone, demo.url())
    await phone.page.goto(phone.app)
    await heading(phone.page, 'Nothing to approve')
    await signIn(page, 'dave')
    await heading(page, 'Approve on your phone')
    await deliver({ kind: 'prompt', prompt: 'older-than-the-app' })
    await heading(phone.page, 'Is this you signing in?')
    assert.deepEqual(await notifications(phone.page, 10), [])
    await approve(phone, await numberOf(page))
    await heading(page, 'Your account')
  })
})

/** A push message as the browser hands it to the service worker, decrypted (Chromium subscribes with its maker's service only). */
async function pushes({ context, page }: Phone, origin: string) {
  const session: CDPSession = await context.newCDPSession(page)
  const registration = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.endsWith('/authenticator/'))
      if (ours) resolve(ours.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const registrationId = await registration
  return {
    deliver: async (message: object) => {
      await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(message) })
    },
  }
}

type Shown = { title: string; body: string; data: unknown }

/** What is shown of it. A worker that does not start in time, for the browser stood still, has lost what it was handed. */
async function notified(page: Page, deliver: () => Promise<void>): Promise<Shown[]> {
  for (let times = 1; ; times++) {
    await deliver()
    const shown = await notifications(page, 100)
    if (shown.length > 0 || times === 6) return shown
  }
}

/** What is shown, looked for so many times: a worker may still have to start. */
async function notifications(page: Page, looks: number): Promise<Shown[]> {
  for (let tries = 0; ; tries++) {
    const shown = (await page.evaluate(`navigator.serviceWorker.getRegistration('/authenticator/')
      .then((registration) => registration.getNotifications())
      .then((all) => all.map(({ title, body, data }) => ({ title, body, data })))`)) as Shown[]
    if (shown.length > 0 || tries === looks) return shown
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
