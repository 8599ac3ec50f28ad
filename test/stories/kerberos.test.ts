import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Attribute, Change, Client } from 'ldapts'
import { apacheIsInstalled } from '../../dev/hosts/apache.ts'
import { type SambaHost, sambaIsInstalled, startSamba } from '../../dev/hosts/samba.ts'
import { accounts, dnOf, password } from '../../dev/hosts/samba-people.ts'
import { behindApache, host, portalAccount, sendRaw } from './behind-apache.ts'
import { looksRight, press, showTickets, window } from './browser.ts'
import { answer, codeAfter, heading, signIn } from './first-sign-in.ts'
import { enrolByText } from './with-directory.ts'

const phone = '+12065550135'
const refused = 'We could not sign you in with your Windows session.'

const isThere = sambaIsInstalled() && apacheIsInstalled()
if (isThere) test('the Windows session, by Kerberos through Apache as the guide has it', { timeout: 600_000 }, suite)
else test.skip('the Windows session: Samba or Apache with mod_auth_gssapi is not installed', () => {})

const open = async (javaScript = true) => (await window({ ignoreCertificate: true, javaScript })).newPage()

async function suite(t: TestContext) {
  const samba = await startSamba({ kerberos: true, more: { add: portalAccount } })
  // What comes too late on a busy machine is ended all the same.
  try {
    t.signal.throwIfAborted()
    await story(t, samba)
  } finally {
    await samba.stop()
  }
}

async function story(t: TestContext, samba: SambaHost) {
  const world = await behindApache(samba)
  showTickets(host, world.tickets.env)

  await t.test(
    'Grace has a ticket and goes on by a button, to User Setup and later to the second step; without one she types her password',
    async () => {
      const { portal, gateway, tickets } = world
      tickets.get('ghopper', password)
      const page = await open()
      await page.goto(portal)
      await page.getByRole('button', { name: 'Continue as ghopper@CORP.EXAMPLE' }).waitFor()
      await looksRight(page)
      await press(page, /^Continue as/)
      await enrolByText(page, gateway, phone)
      await press(page, 'Sign out')
      await page.getByText('You are signed out.').waitFor()

      // Her principal name, in other letters.
      tickets.get('GRACE.Hopper', password)
      const plain = await open(false)
      await plain.goto(portal)
      const code = await codeAfter(gateway, phone, () => press(plain, 'Continue as GRACE.Hopper@CORP.EXAMPLE'))
      await plain.goto(`${portal}account`)
      await heading(plain, 'Enter the code we sent')
      await answer(plain, code)
      await heading(plain, 'Your account')
      await plain.getByText('Grace Hopper').first().waitFor()

      tickets.forget()
      await press(plain, 'Sign out')
      await plain.getByText('You are signed out.').waitFor()
      assert.equal(await plain.getByRole('button', { name: /^Continue as/ }).count(), 0)
      await signIn(plain, 'CORP\\ghopper', 'not hers')
      await plain.getByText('User name and password do not go together.').waitFor()
      await codeAfter(gateway, phone, () => signIn(plain, 'CORP\\ghopper', password))
      await heading(plain, 'Enter the code we sent')
    },
  )

  await t.test('who is nobody here, or was disabled after the ticket, is refused alike and may type', async () => {
    const { portal, tickets } = world
    const goesOn = async (name: string, given: string, meanwhile = async () => {}) => {
      tickets.get(name, given)
      const page = await open()
      await page.goto(portal)
      await page.getByRole('button', { name: /^Continue as/ }).waitFor()
      await meanwhile()
      await press(page, `Continue as ${name}@CORP.EXAMPLE`)
      await page.getByText(refused).waitFor()
      assert.equal(new URL(page.url()).search, '?notice=integrated-refused')
      await page.getByLabel('User name').waitFor()
    }
    // Of the domain, but not below `base_dn`.
    await goesOn('Administrator', samba.administrator.password)
    await goesOn('lockable', password, disable)
  })

  await t.test('a principal name of another suffix, as it stands in a ticket, is not asked about', async () => {
    const { portal, tickets } = world
    tickets.get(accounts.eve.upn, password, { enterprise: true })
    const page = await open()
    await page.goto(portal)
    await page.waitForURL(/\?no-ticket$/)
    await page.getByLabel('User name').waitFor()
  })

  await t.test(
    'through Apache nobody names themselves: it takes the header away, from people with a ticket too',
    async () => {
      const { portal, ports, tickets } = world
      const forged = { 'X-Remote-User': 'grace.hopper@corp.example' }
      const send = (path: string, method = 'GET') => sendRaw({ port: ports.apache, path, method, headers: forged })
      const shown = await send('/sign-in?no-ticket')
      assert.equal(shown.status, 200)
      assert.match(shown.text, /name="password"/)
      assert.doesNotMatch(shown.text, /Continue as/)
      for (const path of [
        '/sign-in',
        '//sign-in',
        '/%73ign-in',
        '/sign-in?no-ticket&x',
        '/sign-in/integrated?no-ticket',
      ])
        assert.equal((await send(path)).status, 401, path)
      assert.equal((await send('/sign-in/integrated', 'POST')).status, 401)
      // What Apache may not take for the sign-in page, though Sallyport might.
      for (const path of ['/sign-in/', '/sign-in;x', '/Sign-In', '/sign-in%00', '/x/../sign-in?no-ticket'])
        assert.doesNotMatch((await send(path)).text, /Continue as/, path)

      tickets.get('ada', password)
      const page = await open()
      await page.setExtraHTTPHeaders(forged)
      await page.goto(portal)
      await page.getByRole('button', { name: 'Continue as ada@CORP.EXAMPLE' }).waitFor()
      await page.goto(`${portal}sign-in?no-ticket`)
      assert.equal(await page.getByRole('button', { name: /^Continue as/ }).count(), 0)
    },
  )

  await t.test('at Sallyport’s own port the header is believed from Apache’s address and from no other', async () => {
    const { ports } = world
    const from = async (address: string) => {
      const headers = { 'X-Remote-User': 'ada@CORP.EXAMPLE' }
      return (await sendRaw({ port: ports.sallyport, path: '/sign-in', headers, from: address })).text
    }
    assert.match(await from('127.0.0.1'), /Continue as ada@CORP\.EXAMPLE/)
    const stranger = await from('127.0.0.2')
    assert.match(stranger, /name="password"/)
    assert.doesNotMatch(stranger, /Continue as/)
  })

  async function disable(): Promise<void> {
    const { controllers, ca, administrator } = samba
    const client = new Client({ url: controllers[0].ldapsUrl, tlsOptions: { ca } })
    await client.bind(administrator.name, administrator.password)
    const modification = new Attribute({ type: 'userAccountControl', values: ['514'] })
    await client.modify(dnOf(accounts.lockable.cn), new Change({ operation: 'replace', modification }))
    await client.unbind()
  }
}
