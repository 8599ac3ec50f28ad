import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createServer } from 'node:tls'
import { madeTls } from '../sdk.ts'
import { looksRight, press, window } from './browser.ts'
import { bobsPhone, codeAfter, firstSignIn, heading, signIn } from './first-sign-in.ts'
import { temporaryFolder } from './program.ts'
import { portalOf, splitWorld, storyPassword } from './split.ts'

describe('engine and portal as two programs', { timeout: 600_000 }, () => {
  test('the first sign-in, over a connection known by its fingerprint; the portal keeps nothing of it', async () => {
    const { folder, place, open } = await splitWorld({ trust: 'fingerprint' })

    await firstSignIn(place, open, async () => {})

    assert.deepEqual(readdirSync(join(folder, 'portal')).sort(), ['tls.key', 'tls.pem'], 'for its own door only')
    assert.ok(readdirSync(join(folder, 'server')).includes('master.key'))
  })

  test('the engine goes away and comes back, over a connection known by its CA', async () => {
    const { server, portal, place, open, startServer } = await splitWorld({ trust: 'ca' })
    const page = await (await open()).newPage()
    const failed: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400 && response.url().includes('/assets/')) failed.push(response.url())
    })
    await page.goto(place.portal)
    await signIn(page, 'bob', storyPassword)
    await page.getByLabel('Text message').check()
    await press(page, 'Continue')
    await page.getByLabel('Phone number').fill('206 555 0177')

    server.signal('SIGTERM')
    assert.equal(await server.ended, 0)
    await press(page, 'Text Me Now to Authenticate')
    await heading(page, 'We cannot do this right now')
    await looksRight(page)
    const id =
      /give this number: ([0-9a-f-]{36})/.exec((await page.locator('main').textContent()) ?? '')?.[1] ??
      assert.fail('no number')
    assert.match(await page.title(), /^Error: .*Contoso$/)
    await portal.says(new RegExp(`"level":"warn".*"request":"${id}".*"code":"engine\\.unreachable"`))

    // Somebody who comes only now has the page in its design as well.
    const other = await (await open()).newPage()
    other.on('response', (response) => {
      if (response.status() >= 400 && response.url().includes('/assets/')) failed.push(response.url())
    })
    await other.goto(place.portal)
    await heading(other, 'We cannot do this right now')
    await looksRight(other)
    assert.deepEqual(failed, [])

    await startServer()
    await other.goto(place.portal)
    await heading(other, 'Sign in')
    await page.goBack()
    await page.getByLabel('Phone number').fill('206 555 0177')
    const code = await codeAfter(place, bobsPhone, () => press(page, 'Text Me Now to Authenticate'))
    await page.getByLabel('6-digit code').fill(code)
    await press(page, 'Continue')
    await page.getByText('You’re set up.').waitFor()
  })

  test('the mobile app stands on a machine of its own, in the look of the company, and asks the engine', async () => {
    const { folder, sdk, fingerprint, servicePassword: password, open } = await splitWorld({ trust: 'fingerprint' })
    const log = { level: 'info', format: 'json' }
    const app = portalOf(folder, { sdk, trusted: { fingerprint }, password, log, role: 'app' })
    const [, origin = ''] = await app.says(/(https:\/\/localhost:\d+)\/MultiFactorAuthMobileAppWebService/)
    const page = await (await open()).newPage()
    await page.goto(origin)
    await heading(page, 'Connect this device')
    assert.match(await page.title(), /Contoso$/)
    await page.getByLabel('Activation code').fill('K7QX-2M9D-T4WB')
    await press(page, 'Activate')
    await page.getByText('That code does not work').waitFor()
    await looksRight(page)
  })

  test('a server with another certificate is told nothing', async () => {
    const { told, address, fingerprint } = await listener()
    const portal = portalOf(temporaryFolder(), {
      sdk: `https://${address}/MultiFactorAuthWebServiceSdk/`,
      trusted: { fingerprint: fingerprint.replace(/^../, (first) => (first === '00' ? '11' : '00')) },
      password: 'a-service-password-that-nobody-has',
      log: { level: 'info', format: 'json' },
    })
    const [, url = ''] = await portal.says(/User Portal +(https:\/\/\S+)/)
    const page = await (await window({ ignoreCertificate: true })).newPage()

    await page.goto(url)

    await heading(page, 'We cannot do this right now')
    await portal.says(/"code":"engine\.untrusted"/)
    assert.ok(told.connections > 0, 'it was reached')
    assert.equal(told.bytes, 0)
  })
})

/** What answers at the engine's address, and is not the engine. */
async function listener() {
  const told = { connections: 0, bytes: 0 }
  const tls = madeTls()
  const server = createServer(tls, (socket) => {
    socket.on('data', (data) => {
      told.bytes += data.length
    })
    socket.on('error', () => {})
  })
  server.on('connection', () => {
    told.connections++
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  return { told, address: `127.0.0.1:${(server.address() as AddressInfo).port}`, fingerprint: tls.fingerprint }
}
