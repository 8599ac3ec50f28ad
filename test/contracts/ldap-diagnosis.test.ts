import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { ProtocolOperation } from 'ldapts'
import { type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { accountsLdif } from '../../dev/hosts/slapd-people.ts'
import { directoryTest } from '../../src/cli/directory-test.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import type { Finding } from '../../src/outbound/directory/finding.ts'
import type { NamedGroup } from '../../src/outbound/directory/group-diagnosis.ts'
import { type LdapConfig, usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { testLdap } from '../../src/outbound/directory/ldap-diagnosis.ts'
import { systemClock as clock } from '../../src/system.ts'
import { result, type Script, scriptedLdap } from './scripted-ldap.ts'

const CANARY = 'canary-of-ours'

if (slapdIsInstalled()) describe('the test of an LDAP directory, on slapd', onSlapd)
else test.skip('the test of an LDAP directory: slapd is not installed (Debian package slapd)', () => {})

function onSlapd() {
  let slapd: SlapdHost
  before(async () => {
    slapd = await startSlapd({ more: accountsLdif() })
  })
  after(() => slapd?.stop())

  test('says of each step what it came to', async () => {
    const findings = await look({}, 'ada')
    assert.deepEqual(
      findings.map(({ step, ok, problem }) => (ok && !problem ? step : `${step} ${problem}`)),
      ['configuration', 'resolve', 'connect', 'tls', 'bind', 'base', 'people', 'user', 'pages'],
    )
    assert.match(detailOf(findings, 'resolve'), /^localhost is .*127\.0\.0\.1/)
    assert.match(detailOf(findings, 'user'), /^uid=ada,ou=people,.*displayName=Ada Lovelace/)
  })

  test('names the first step that fails, and exactly why', async () => {
    const far = new URL(slapd.ldapUrl)
    const cases: [Partial<LdapConfig>, string, RegExp][] = [
      [{ userFilter: '(((' }, 'configuration undefined', /not an LDAP filter/],
      [{ url: `ldap://${'x'.repeat(64)}:389` }, 'resolve name-unknown', /DNS knows no x/],
      [{ url: 'ldap://localhost:1' }, 'connect no-connection', /ECONNREFUSED: nothing listens on port 1/],
      [
        { ca: undefined },
        'tls certificate-untrusted',
        /it is for DNS:localhost, IP Address:127\.0\.0\.1, by Sallyport/,
      ],
      [{ url: slapd.misnamed.ldapUrl }, 'tls certificate-name', /it is for DNS:localhost/],
      [{ url: `ldaps://localhost:${far.port}`, startTls: false }, 'tls no-tls', /in the clear first/],
      [{ bindPassword: new Secret(`${CANARY}x`) }, 'bind bind-wrong', /cn=sallyport.* or its password is wrong/],
      [{ baseDn: `ou=gone,${slapd.baseDn}` }, 'base base-missing', /ou=gone/],
      [{ bind: 'anonymous' }, 'base base-missing', /may not see it/],
      [{ userFilter: '(uid=none)' }, 'people nobody-found', /fits the user filter/],
      [{ attributes: { ...usualAttributes, uid: 'employeeNumber' } }, 'people attribute-missing', /employeeNumber/],
      [{ attributes: { ...usualAttributes, uid: 'objectClass' } }, 'people ambiguous', /more than one objectClass/],
    ]
    for (const [changes, expected, why] of cases) {
      const findings = await look(changes)
      const { step, ok, problem, detail = '' } = findings.at(-1) ?? {}
      assert.deepEqual([`${step} ${problem}`, ok], [expected, false])
      assert.match(detail, why)
      assert.ok(findings.slice(0, -1).every((one) => one.ok))
      assert.doesNotMatch(JSON.stringify(findings), new RegExp(CANARY))
    }
  })

  test('says how somebody would be found, and why not', async () => {
    const verdict = async (user: string, changes: Partial<LdapConfig> = {}) => {
      const found = (await look(changes, user)).find(({ step }) => step === 'user')
      return `${found?.problem} ${found?.detail}`
    }
    assert.match(await verdict('twin'), /^ambiguous uid=twin,ou=people.* and uid=twin,ou=others/)
    assert.match(await verdict('*'), /^nobody-found no entry below/)
    assert.match(await verdict('barred'), /^account-state uid=barred,.*; the account is disabled$/)
    assert.match(await verdict('ended'), /^account-state uid=ended,.*; the account is expired$/)
    assert.match(await verdict('reset'), /^account-state uid=reset,.*; the password has to be changed first$/)
    assert.match(
      await verdict('grace', { userFilter: '(mail=*)' }),
      /^nobody-found uid=grace,.*the user filter keeps it out/,
    )
  })

  test('says of each group whether it is there, how many it lists, and whether somebody is in it', async () => {
    const groupsDn = `ou=groups,${slapd.baseDn}`
    const cases: [group: string, user: string | undefined, said: RegExp][] = [
      ['staff', undefined, /^true undefined cn=staff,ou=groups,.*, direct members: 1$/],
      ['unique', undefined, /^true undefined cn=unique,.*, direct members: 1$/],
      ['everyone', 'ada', /^true undefined cn=everyone,.*, direct members: 2, ada is in it$/],
      [`cn=everyone,${groupsDn}`, 'twin', /twin is not to be found, or may not sign in$/],
      ['staff', 'grace', /grace is not in it$/],
      ['none', 'ada', /^false group-missing there is no group none, or our account may not see it: nobody may enrol$/],
      [`cn=none,${groupsDn}`, 'ada', /^false group-missing there is no cn=none,ou=groups,.*: nobody may enrol$/],
      ['*)(cn=*', 'ada', /^false group-missing/],
      [groupsDn, undefined, /^true group-empty ou=groups,.*, direct members: 0; whose primary group/],
    ]
    for (const [group, user, said] of cases) {
      const groups = [{ step: 'directory.groups.enrolment', group, without: 'nobody may enrol' }]
      const { step, ok, problem, detail } = (await look({}, user, groups)).at(-1) ?? {}
      assert.equal(step, 'directory.groups.enrolment')
      assert.match(`${ok} ${problem} ${detail}`, said, group)
    }
    const twoOfThem = { groupBaseDn: slapd.baseDn }
    const groups = [{ step: 'directory.groups.enrolment', group: 'double', without: 'nobody may enrol' }]
    assert.match(JSON.stringify((await look(twoOfThem, undefined, groups)).at(-1)), /"ambiguous".* and .*give one's DN/)
    assert.equal((await look({ bindPassword: new Secret('wrong') }, undefined, groups)).at(-1)?.step, 'bind')
  })

  function look(changes: Partial<LdapConfig>, user?: string, groups: NamedGroup[] = []): Promise<Finding[]> {
    const { ldapUrl: url, ca, bindDn, bindPassword, baseDn } = slapd
    const ours = { bindDn, bindPassword: new Secret(bindPassword) }
    const place = { url, startTls: true, ca, baseDn, attributes: usualAttributes, timeoutMs: 30_000 }
    return testLdap({ ...place, ...ours, ...changes }, { clock, user, groups })
  }
}

describe('the test of an LDAP directory, on servers that differ', () => {
  const entry = { dn: 'uid=ada,dc=test', entryUUID: '7d12d92e-7c7d-1041-9529-d506551f91c4', uid: 'ada' }

  test('tells a refused StartTLS, and a bind that is not allowed', async (t) => {
    const startTls = result(1, ProtocolOperation.LDAP_RES_EXTENSION, 2)
    const refused = await look(t, { startTls }, { startTls: true })
    assert.deepEqual([refused.at(-1)?.step, refused.at(-1)?.problem], ['tls', 'starttls-refused'])
    assert.match(refused.at(-1)?.detail ?? '', /refuses StartTLS with result code 2/)

    const forbidden = await look(t, { bind: () => 48 }, { bind: 'anonymous' })
    assert.equal(forbidden.at(-1)?.problem, 'bind-not-allowed')
    assert.match(forbidden.at(-1)?.detail ?? '', /anonymous binds are forbidden/)

    const inTheClear = await look(t, { bind: () => 13 }, {})
    assert.match(inTheClear.at(-1)?.detail ?? '', /^it takes a bind only under TLS/)
  })

  test('notes what a sign-in does not need: pages, and a clock that is right', async (t) => {
    const findings = await look(t, { entries: [{ ...entry, currentTime: '20200101000000.0Z' }] }, {})
    const notes = findings.filter(({ ok, problem }) => ok && problem).map(({ step, problem }) => `${step} ${problem}`)
    assert.deepEqual(notes, ['pages no-pages', 'clock clock'])
    assert.match(detailOf(findings, 'clock'), /seconds behind ours/)
    assert.ok(findings.every(({ ok }) => ok))
  })

  test('shows an operator what entries say, and no more: a name cannot paint their terminal', async (t) => {
    const evil = { ...entry, displayName: 'Ada\u001b[2J\u202e', entryUUID: 'id' }
    const server = await scriptedLdap({ entries: [evil] })
    t.after(() => server.close())
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const config = join(folder, 'sallyport.yaml')
    const ldap = { url: server.url, bind_dn: 'cn=us,dc=test', bind_password: CANARY, base_dn: 'dc=test' }
    const attributes = { uid: 'entryUUID', username: 'uid' }
    writeFileSync(config, JSON.stringify({ data: folder, directory: { kind: 'ldap', ldap: { ...ldap, attributes } } }))

    const lines = t.mock.method(console, 'log', () => {})
    assert.equal(await directoryTest({ config, user: 'ada' }, {}), 0)
    const shown = lines.mock.calls.flatMap(({ arguments: said }) => said).join('\n')
    assert.match(shown, /^ok {5}user: .*displayName=Ada\\u001b\[2J\\u202e,/m)
    assert.doesNotMatch(shown, new RegExp(CANARY))
  })

  async function look(t: TestContext, script: Script, changes: Partial<LdapConfig>): Promise<Finding[]> {
    const server = await scriptedLdap({ entries: [entry], ...script })
    t.after(() => server.close())
    const ours = { bindDn: 'cn=us,dc=test', bindPassword: new Secret(CANARY), baseDn: 'dc=test' }
    const place = { url: server.url, startTls: false, attributes: usualAttributes, timeoutMs: 30_000 }
    return testLdap({ ...place, ...ours, ...changes }, { clock })
  }
})

function detailOf(findings: readonly Finding[], step: string): string {
  return findings.find((one) => one.step === step)?.detail ?? ''
}
