import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Hono } from 'hono'
import type { Page } from 'playwright-core'
import { mountPortal } from '../../src/app/portal.ts'
import type { Api } from '../../src/contract/contract.ts'
import { AppError } from '../../src/core/errors.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import { phoneSimulator } from '../../src/outbound/delivery/sms/simulator.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { alicePhone, engineWorld, handClock, silent } from '../engine.ts'
import { press, window } from './browser.ts'
import { bobsPhone, heading, signIn } from './first-sign-in.ts'

const way = 'A text message is on its way to'
const sent = 'We sent a text message to'

describe('a page that waits, with JavaScript', { timeout: 600_000 }, () => {
  test('says that the text was sent, and that the code has expired, by itself; what was typed stays', async () => {
    const { page, deliver, clock, portal } = await world()
    await page.goto(portal)
    await signIn(page, 'alice')
    await page.getByText(way).first().waitFor()
    await stays(page)
    await page.getByLabel('6-digit code').fill('48')

    deliver()
    await page.getByText(sent).first().waitFor()
    assert.equal(await page.getByLabel('6-digit code').inputValue(), '48')
    assert.equal(await page.evaluate('document.activeElement.id'), 'code')

    clock.advance(6)
    await heading(page, 'That code has expired')
    assert.match(await page.title(), /^That code has expired/)
    assert.ok(await stayed(page), 'it is the same page')
  })

  test('moves on when the person has signed in in another tab, and when it was signed out', async () => {
    const { page, deliver, phones, clock, portal } = await world()
    deliver()
    await page.goto(portal)
    await signIn(page, 'alice')
    await page.getByText(sent).first().waitFor()
    const other = await page.context().newPage()
    await other.goto(portal)
    await other.getByLabel('6-digit code').fill(phones.messages(alicePhone)[0]?.code ?? '')
    await press(other, 'Continue')
    await heading(other, 'Your account')
    await heading(page, 'Your account')

    const again = await (await window()).newPage()
    await again.goto(portal)
    await signIn(again, 'alice')
    await heading(again, 'Enter the code we sent')
    const third = await again.context().newPage()
    await third.goto(`${portal}second-step/ways`)
    await press(third, 'Sign in as someone else')
    await third.getByText('You are signed out.').waitFor()
    // A look lasts some seconds; the next one is refused.
    clock.advance(1)
    await heading(again, 'Sign in')
  })

  test('of User Setup says so and moves on as well', async () => {
    const { page, deliver, phones, clock, portal } = await world()
    await page.goto(portal)
    await signIn(page, 'bob')
    await page.goto(`${portal}setup/phone`)
    await page.getByLabel('Phone number').fill('206 555 0177')
    await press(page, 'Text Me Now to Authenticate')
    await page.getByText(way).first().waitFor()
    await stays(page)
    deliver()
    await page.getByText(sent).first().waitFor()
    clock.advance(6)
    await heading(page, 'That code has expired')
    assert.ok(await stayed(page))

    await press(page, 'Send a new code')
    await page.getByText(sent).first().waitFor()
    const other = await page.context().newPage()
    await other.goto(`${portal}setup/phone/code`)
    await other.getByLabel('6-digit code').fill(phones.messages(bobsPhone)[0]?.code ?? '')
    await press(other, 'Continue')
    await other.getByText('You’re set up.').waitFor()
    await heading(page, 'Your account')
  })

  test('waits on after an outage', async () => {
    const { page, deliver, outage, portal } = await world()
    await page.goto(portal)
    await signIn(page, 'alice')
    await page.getByText(way).first().waitFor()
    await stays(page)
    const refused = page.waitForResponse((response) => response.status() === 503)
    outage.begin()
    await refused

    outage.end()
    deliver()
    await page.getByText(sent).first().waitFor()
    assert.ok(await stayed(page))
  })
})

const stays = (page: Page) => page.evaluate('window.unchanged = true')
const stayed = (page: Page) => page.evaluate('window.unchanged === true')

/** The portal on loopback over an engine whose time and texts a test has in hand. */
async function world() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-waiting-'))
  const database = sqlite(join(folder, 'sallyport.db'))
  await migrate({ database, clock: { now: () => new Date() } })
  const clock = handClock()
  const ids = systemIds(clock, systemRandom)
  const simulator = phoneSimulator({ clock, ids })
  const taken = Promise.withResolvers<void>()
  const phones: typeof simulator = {
    ...simulator,
    async send(...all) {
      await taken.promise
      return simulator.send(...all)
    },
  }
  const engine = await engineWorld(database, { clock, phones })

  const outage = interruptible(engine.api)
  const app = new Hono()
  const base = '/MultiFactorAuth'
  mountPortal(app, { api: outage.api, base, tls: false, clock, ids, log: silent, answered() {} })
  const listener = await listen({ app, host: '127.0.0.1', port: 0 })
  const context = await window()
  after(async () => {
    await context.close()
    await listener.close()
    await engine.engine.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const portal = `http://localhost:${listener.port}${base}/`
  return { page: await context.newPage(), clock, phones, portal, outage, deliver: taken.resolve }
}

/** The engine as a portal on another machine has it: it may be gone for a while, for those who wait too. */
function interruptible(api: Api) {
  let gone = Promise.withResolvers<never>()
  let down = false
  const operations = Object.entries(api).map(([name, operation]) => [
    name,
    async (...all: unknown[]) => {
      if (down) throw new AppError('engine.unreachable')
      return Promise.race([(operation as (...all: unknown[]) => unknown)(...all), gone.promise])
    },
  ])
  gone.promise.catch(() => {})
  return {
    api: Object.fromEntries(operations) as Api,
    begin() {
      down = true
      gone.reject(new AppError('engine.unreachable'))
    },
    end() {
      down = false
      gone = Promise.withResolvers<never>()
      gone.promise.catch(() => {})
    },
  }
}
