import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type SlapdHost, startSlapd } from '../../dev/hosts/slapd.ts'
import { press, window } from './browser.ts'
import { answer, codeAfter, heading, signIn } from './first-sign-in.ts'
import { verb } from './program.ts'
import { enrolByText, serveWith } from './with-directory.ts'

describe('passwords that an LDAP directory checks', { timeout: 600_000 }, () => {
  let slapd: SlapdHost
  before(async () => {
    slapd = await startSlapd()
  })
  after(() => slapd?.stop())

  test('the operator tests it; Ada errs, arrives by her password, sets up her second step and comes again without JavaScript', async () => {
    const { portal, gateway, config } = await world()
    const { ada } = slapd.people
    const tested = await verb(['directory', 'test', '--user', 'ada', '--config', config])
    assert.equal(tested.exit, 0, tested.said)
    assert.match(tested.said, /^ok +user: uid=ada,ou=people,/m)
    const missed = await verb(['directory', 'test', '--user', 'nobody', '--config', config])
    assert.equal(missed.exit, 1)
    assert.match(missed.said, /^FAILS +user: no entry below/m)
    const local = await verb(['user', 'add', 'dee', '--generate', '--config', config])
    assert.match(local.said, /^It opens nothing while directory\.kind is ldap/m)

    const page = await (await window({ ignoreCertificate: true })).newPage()
    await page.goto(portal)
    await signIn(page, 'ada', 'not hers')
    await page.getByText('User name and password do not go together.').waitFor()
    await signIn(page, 'ada', ada.password)
    const place = { codes: gateway.codes, phone: '+12065550179' }
    await enrolByText(page, place, place.phone)
    await press(page, 'Sign out')

    const plain = await (await window({ ignoreCertificate: true, javaScript: false })).newPage()
    await plain.goto(portal)
    await answer(plain, await codeAfter(place, place.phone, () => signIn(plain, ' ADA ', ada.password)))
    await heading(plain, 'Your account')
    await plain.getByText('Ada Lovelace').first().waitFor()
  })

  function world() {
    const { ldapUrl: url, bindDn: bind_dn, bindPassword: bind_password, baseDn: base_dn } = slapd
    const attributes = { uid: 'entryUUID', username: 'uid' }
    const account = { bind_dn, bind_password, base_dn, attributes }
    return serveWith((ca) => ({ kind: 'ldap', ldap: { url, start_tls: true, ca, ...account } }), slapd.ca)
  }
})
