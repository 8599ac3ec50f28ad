import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type SambaHost, sambaIsInstalled, startSamba } from '../../dev/hosts/samba.ts'
import { password } from '../../dev/hosts/samba-people.ts'
import { looksRight, press, window } from './browser.ts'
import { codeAfter, heading, signIn } from './first-sign-in.ts'
import { verb } from './program.ts'
import { enrolByText, serveWith } from './with-directory.ts'

const chosen = 'Neu-gewählt "7"'

if (sambaIsInstalled()) describe('passwords that a Windows domain checks', { timeout: 600_000 }, suite)
else test.skip('passwords that a Windows domain checks: Samba is not installed', () => {})

function suite() {
  let samba: SambaHost
  // A hook has no more time than one test: a busy machine makes no domain in it.
  before(
    async () => {
      samba = await startSamba()
    },
    { timeout: 600_000 },
  )
  after(() => samba?.stop())

  test('Ada sets up her second step and comes again by another form of her name; a password of one use is changed on the way', async () => {
    const { portal, gateway, config } = await world()
    const tested = await verb(['directory', 'test', '--config', config])
    assert.equal(tested.exit, 0, tested.said)
    assert.match(tested.said, /^ok +controllers: dc1\.corp\.example$/m)
    const place = { codes: gateway.codes }
    const phone = '+12065550133'

    const page = await (await window({ ignoreCertificate: true })).newPage()
    await page.goto(portal)
    await signIn(page, 'CORP\\ada', 'not hers')
    await page.getByText('User name and password do not go together.').waitFor()
    await signIn(page, 'CORP\\ada', password)
    await enrolByText(page, gateway, phone)
    await press(page, 'Sign out')

    await codeAfter(place, phone, () => signIn(page, 'ada@corp.example', password))
    await page.getByText('We sent a text message to').waitFor()

    const german = async (javaScript: boolean) => {
      const options = { ignoreCertificate: true, javaScript, width: 360, locale: 'de' }
      const opened = await (await window(options)).newPage()
      await opened.goto(portal)
      await signInGerman(opened, 'fresh', password)
      await heading(opened, 'Neues Passwort wählen')
      return opened
    }
    const looking = await german(true)
    await looksRight(looking)
    await change(looking, 'kurz')
    await looking.getByText('nimmt dieses Passwort nicht an').waitFor()
    await looksRight(looking)

    const plain = await german(false)
    await change(plain, chosen)
    await heading(plain, /Wie möchten Sie/)
    await plain.goto(`${portal}sign-in`)
    await signInGerman(plain, 'CORP\\fresh', chosen)
    await heading(plain, /Wie möchten Sie/)
  })

  async function change(page: Page, fresh: string): Promise<void> {
    await page.getByLabel('Aktuelles Passwort', { exact: true }).fill(password)
    await page.getByLabel('Neues Passwort', { exact: true }).fill(fresh)
    await page.getByLabel('Neues Passwort noch einmal', { exact: true }).fill(fresh)
    await press(page, 'Passwort ändern')
  }

  async function signInGerman(page: Page, username: string, given: string): Promise<void> {
    await page.getByLabel('Benutzername').fill(username)
    await page.getByLabel('Passwort', { exact: true }).fill(given)
    await press(page, 'Weiter')
  }

  function world() {
    const { domain, service, dns } = samba
    const account = { account: service.name, password: service.password }
    return serveWith((ca) => ({ kind: 'windows', windows: { domain, ca, dns: [dns], ...account } }), samba.ca)
  }
}
