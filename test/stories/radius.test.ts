import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type FreeRadiusHost, startFreeRadius } from '../../dev/hosts/freeradius.ts'
import { looksRight, press, window } from './browser.ts'
import { answer, codeAfter, heading, signIn } from './first-sign-in.ts'
import { verb } from './program.ts'
import { enrolByText, serveWith } from './with-directory.ts'

describe('passwords that a RADIUS server checks', { timeout: 600_000 }, () => {
  let radius: FreeRadiusHost
  before(async () => {
    radius = await startFreeRadius()
  })
  after(() => radius?.stop())

  test('Carol is asked back, errs, answers rightly, sets up her second step and comes again without JavaScript; Alice is let in by her password', async () => {
    const { program, portal, gateway, config } = await world()
    const { alice, carol } = radius.people
    await program.says(/People arrive by signing in[\s\S]*directory test/)
    const tested = await verb(['directory', 'test', '--config', config])
    assert.equal(tested.exit, 0, tested.said)
    assert.match(tested.said, /^ok +127\.0\.0\.1:\d+: answers, proves itself, and refuses/m)

    const page = await (await window({ ignoreCertificate: true, width: 360 })).newPage()
    await page.goto(portal)
    await signIn(page, 'carol', carol)
    const first = await code(page)
    await looksRight(page)
    await answer(page, first === '000000' ? '000001' : '000000')
    await page.getByText('That was not the right answer.').waitFor()
    await looksRight(page)

    await signIn(page, 'carol', carol)
    await answer(page, await code(page))
    const place = { codes: gateway.codes, phone: '+12065550177' }
    await enrolByText(page, place, place.phone)
    await press(page, 'Sign out')

    const plain = await (await window({ ignoreCertificate: true, javaScript: false })).newPage()
    await plain.goto(portal)
    await signIn(plain, 'CORP\\carol', carol)
    const asked = await code(plain)
    await answer(plain, await codeAfter(place, place.phone, () => answer(plain, asked)))
    await heading(plain, 'Your account')
    await press(plain, 'Sign out')

    await signIn(plain, 'alice', 'not hers')
    await plain.getByText('User name and password do not go together.').waitFor()
    await signIn(plain, 'alice', alice)
    await enrolByText(plain, gateway, '+12065550178')
  })

  function world() {
    const { port, secret } = radius
    return serveWith(() => ({
      kind: 'radius',
      radius: { servers: [`127.0.0.1:${port}`], secret, domains: ['CORP'] },
    }))
  }
})

/** What FreeRADIUS asks for, of whom it asks back. */
async function code(page: Page): Promise<string> {
  await heading(page, 'One more answer')
  const [, digits] = /Enter code \((\d{6})\)/.exec((await page.locator('main').textContent()) ?? '') ?? []
  return digits ?? assert.fail('no code is asked for')
}
