import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, press, type Wishes, window } from './browser.ts'
import { heading, signIn } from './first-sign-in.ts'

describe('passkeys in a browser', { timeout: 600_000 }, () => {
  test('Bob enrols with one, signs in with it, keeps two, removes one, and signs in without a password', async () => {
    const { page, device, enrol } = await world()
    await enrol(looksRight)
    await press(page, 'Sign out')

    await signIn(page, 'bob')
    await heading(page, 'Use your passkey')
    await looksRight(page)
    await press(page, 'Use your passkey')
    await heading(page, 'Your account')
    await page.getByText('Signed in · Passkey').waitFor()

    // The device knows by itself that it has one.
    await page.getByRole('link', { name: 'Add a passkey' }).click()
    await heading(page, 'Create a passkey')
    await press(page, 'Create a passkey')
    await page.getByText('This device already has a passkey for your account.').waitFor()
    await looksRight(page)
    const key = await device('usb')
    await page.getByLabel('Name').fill('Key on my keyring')
    await press(page, 'Create a passkey')
    await page.getByText('Your passkey was added.').waitFor()
    await looksRight(page)
    assert.equal((await key.credentials()).length, 1)

    await page.getByRole('link', { name: 'Rename Key on my keyring' }).click()
    await heading(page, 'What do you call this passkey?')
    await looksRight(page)
    await page.getByLabel('Name').fill('Spare key')
    await press(page, 'Save')
    await page.getByText('The passkey has its new name.').waitFor()
    await page.getByRole('link', { name: 'Remove Spare key' }).click()
    await heading(page, 'Remove this passkey?')
    await looksRight(page)
    await press(page, 'Remove the passkey')
    await page.getByText('The passkey was removed.').waitFor()
    assert.equal(await page.getByText('Spare key').count(), 0)
    await page.getByRole('link', { name: /^Remove / }).click()
    await page.getByText('This is your only way in').waitFor()
    await looksRight(page)
    await key.remove()

    await press(page, 'Sign out')
    await page.getByText('You are signed out.').waitFor()
    await looksRight(page)
    await press(page, 'Use a passkey instead')
    await heading(page, 'Your account')
    await page.getByText('Signed in with a passkey alone').waitFor()
  })

  test('what goes wrong is said on the page, and nothing of it is in the way afterwards', async () => {
    const { page, enrol, phone } = await world()
    const said = (text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor()
    await press(page, 'Use a passkey instead')
    await said('Nothing came from your passkey')
    await looksRight(page)
    await enrol()
    await press(page, 'Sign out')

    // Without a fingerprint it is a second step, and no more than that.
    await phone.say('setUserVerified', { isUserVerified: false })
    await press(page, 'Use a passkey instead')
    await said('Nothing came from your passkey')
    await phone.say('setUserVerified', { isUserVerified: true })
    await phone.say('setResponseOverrideBits', { isBadUV: true })
    await press(page, 'Use a passkey instead')
    await page.getByText('We could not sign you in with that passkey.').waitFor()

    await signIn(page, 'bob')
    await phone.say('setResponseOverrideBits', { isBogusSignature: true })
    await press(page, 'Use your passkey')
    await page.getByText('We could not accept that passkey. 4 tries left.').waitFor()
    assert.match(await page.title(), /^Error: /)
    await looksRight(page)
    await phone.say('setResponseOverrideBits', {})
    await press(page, 'Use your passkey')
    await heading(page, 'Your account')

    // A copy of the passkey, made when it had counted to one.
    await press(page, 'Sign out')
    await phone.countFrom(1)
    await signIn(page, 'bob')
    await press(page, 'Use your passkey')
    await page.getByText('We could not accept that passkey. 4 tries left.').waitFor()
    await phone.countFrom(100)
    await press(page, 'Use your passkey')
    await page.getByText('there seems to be a copy of it').waitFor()
  })

  test('without JavaScript the pages say what a passkey needs, and lead to other ways', async () => {
    const { page, enrol, portal } = await world()
    await enrol()
    const plain = await (await window({ javaScript: false })).newPage()
    await plain.goto(portal)
    await press(plain, 'Use a passkey instead')
    await plain.getByText('A passkey needs JavaScript').waitFor()
    await signIn(plain, 'bob')
    await heading(plain, 'Use your passkey')
    // This browser was told to run no script, and still does not show what stands there for those who run none.
    assert.match(await plain.content(), /<noscript>.*A passkey needs JavaScript/s)
    await press(plain, 'Use your passkey')
    await plain.getByText('A passkey needs JavaScript').first().waitFor()
    assert.match(await plain.title(), /^Error: /)
    await plain.getByRole('link', { name: 'Use another way to prove it’s you' }).click()
    await heading(plain, 'How else can you prove it’s you?')
    await page.close()
  })

  for (const wishes of [
    { theme: 'dark', width: 360 },
    { theme: 'light', width: 360, locale: 'de' },
  ] as const) {
    test(`the pages are whole, ${JSON.stringify(wishes)}`, async () => {
      const { page, enrol, portal } = await world(wishes)
      await looksRight(page)
      await enrol(looksRight)
      for (const path of [
        'account',
        'account/passkey',
        'account/passkeys/too-many',
        'second-step?to=/account/passkey',
      ]) {
        await page.goto(`${portal}${path}`)
        await looksRight(page)
      }
      await page.goto(`${portal}account`)
      for (const name of ['name', 'remove']) {
        const link = page.locator(`a[href$="/${name}"]`).first()
        await page.goto(new URL((await link.getAttribute('href')) ?? '', portal).href)
        await looksRight(page)
        await page.goBack()
      }
    })
  }

  test('where a passkey alone does not sign in, the sign-in page does not say so, and the ask is refused', async () => {
    const { page, portal } = await world({}, { 'portal.passkey_sign_in': false })
    assert.equal(await page.getByRole('button', { name: 'passkey' }).count(), 0)
    const csrf = await page.locator('input[name=csrf]').first().inputValue()
    const answer = await page.request.post(`${portal}sign-in/passkey/begin`, { form: { csrf } })
    assert.deepEqual(await answer.json(), { go: '/MultiFactorAuth/sign-in' })
  })
})

/** A portal with people, and Bob's browser with a passkey's place in it, at the sign-in page. */
async function world(wishes: Wishes = {}, settings: Record<string, unknown> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-passkeys-'))
  const demo = await startDemo({
    port: 0,
    folder,
    tls: false,
    settings: { 'portal.methods': ['text', 'oath', 'passkey'], 'portal.passkey_sign_in': true, ...settings },
    log: silent,
  })
  after(async () => {
    await demo.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const portal = `${demo.url}/MultiFactorAuth/`
  const page = await (await window(wishes)).newPage()
  await page.goto(portal)
  const device = await devicesOf(page)
  const phone = await device('internal')

  async function enrol(see: (page: Page) => Promise<void> = async () => {}): Promise<void> {
    const send = () => page.locator('main form button.primary').first().click()
    await page.locator('#username').fill('bob')
    await page.locator('#password').fill('sallyport-demo')
    await send()
    await page.locator('label', { hasText: 'Passkey' }).click()
    await see(page)
    await send()
    await page.waitForURL('**/setup/passkey')
    await see(page)
    await send()
    await page.waitForURL('**/account?done=setup')
    await see(page)
  }
  return { page, portal, device, phone, enrol }
}

/** Authenticators that are plugged into a page, in place of its computer's own. */
async function devicesOf(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  return async (transport: 'internal' | 'usb') => {
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport,
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    const credentials = async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials
    return {
      credentials,
      remove: () => session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
      say: (what: 'setUserVerified' | 'setResponseOverrideBits', how: Record<string, boolean>) =>
        session.send(`WebAuthn.${what}`, { authenticatorId, ...how } as never),
      /** The same credential in another place, whose counter stands there. */
      async countFrom(signCount: number) {
        for (const credential of await credentials()) {
          const { credentialId } = credential
          await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId })
          await session.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } })
        }
      },
    }
  }
}
