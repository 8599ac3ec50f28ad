import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type SambaHost, sambaIsInstalled, startSamba } from '../../dev/hosts/samba.ts'
import { accounts, groups as groupDns, password } from '../../dev/hosts/samba-people.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { windowsDirectory } from '../../src/outbound/directory/windows.ts'
import type { WindowsConfig } from '../../src/outbound/directory/windows-config.ts'
import { testWindows } from '../../src/outbound/directory/windows-diagnosis.ts'
import { systemClock as clock, systemRandom as random } from '../../src/system.ts'
import { silent } from '../engine.ts'

const NOBODY = '(cn=nobody at all)'

if (sambaIsInstalled()) describe('domains and their controllers, on Samba', suite)
else test.skip('domains and their controllers, on Samba: it needs root and the Debian package samba', () => {})

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

  function config(changes: Partial<WindowsConfig>): WindowsConfig {
    return {
      ...{ domain: samba.domain, netbios: samba.netbios, controllers: [], trusted: [], dns: [samba.dns] },
      ...{ security: 'ldaps', ca: samba.ca, account: samba.service.name, password: new Secret(samba.service.password) },
      ...{ username: 'upn', changePasswords: true, timeoutMs: 30_000 },
      ...changes,
    }
  }
  function open(t: TestContext, changes: Partial<WindowsConfig>) {
    const directory = windowsDirectory(config(changes), { log: silent, clock, random })
    t.after(() => directory.close())
    return directory
  }

  /** The controller by a name that its certificate does not have. */
  async function misnamed(t: TestContext, port: number): Promise<Partial<WindowsConfig>> {
    const relay = createServer((near) => {
      const far = connect(port, samba.dns)
      near.pipe(far).pipe(near)
      for (const [one, other] of [[near, far] as const, [far, near] as const]) one.on('error', () => other.destroy())
    })
    await once(relay.listen(0, '127.0.0.1'), 'listening')
    t.after(() => relay.close())
    return { controllers: [`localhost:${(relay.address() as AddressInfo).port}`], dns: [] }
  }

  test('a certificate of another name gets no password, over LDAPS and over StartTLS', async (t) => {
    for (const [security, port] of [['ldaps', 636] as const, ['startTls', 389] as const]) {
      const directory = open(t, { security, ...(await misnamed(t, port)) })
      await assert.rejects(directory.checkPassword('ada', password), { code: 'directory.untrusted' }, security)
    }
  })

  test('people of a trusted domain sign in by their names in full, and our filter and base are not for them', async (t) => {
    const { domain, netbios } = samba
    const hq = {
      ...{ domain: 'hq.example', netbios: 'HQ', controllers: [`dc1.${domain}`], baseDn: samba.baseDn },
      ...{ userFilter: NOBODY, trusted: [{ domain, netbios, controllers: [] }] },
    }
    for (const [username, called] of [
      ['upn', accounts.grace.upn],
      ['account', 'CORP\\ghopper'],
    ] as const) {
      const directory = open(t, { ...hq, username })
      for (const name of ['CORP\\ghopper', 'corp.example\\ghopper', 'ghopper@corp.example', accounts.grace.upn]) {
        const check = await directory.checkPassword(name, password)
        assert.equal(check.outcome === 'right' && check.person.username, called, name)
      }
      for (const name of ['ghopper', 'HQ\\ghopper', 'ghopper@hq.example', 'ELSE\\ghopper'])
        assert.deepEqual(await directory.checkPassword(name, password), { outcome: 'wrong', why: 'unknown' }, name)
    }
  })

  test('the spellings of a trusted name that need no asking are one, and none of ours', (t) => {
    const trusted = [{ domain: 'other.example', netbios: 'OTHER', controllers: [] }]
    for (const username of ['upn', 'account'] as const) {
      const directory = open(t, { trusted, username })
      for (const name of ['OTHER\\ann', 'ann@other.example', 'other.example\\ann', 'ann@OTHER'])
        assert.equal(directory.spellingOf?.(name), 'ann@other.example')
    }
  })

  test('a group is found by its name wherever it is, though people are searched in one place', async (t) => {
    const directory = open(t, { baseDn: `CN=Users,${samba.baseDn}` })
    const uid = (await directory.findPerson?.(samba.administrator.name))?.uid ?? ''
    assert.equal(await directory.inGroup?.(uid, 'Administrators'), true, 'in CN=Builtin')
    assert.equal(await directory.inGroup?.(uid, 'Staff'), false)
  })

  test('the test of the configuration finds somebody by each form of a name, where a sign-in would look', async () => {
    const trusted = [{ domain: 'other.example', netbios: 'OTHER', controllers: ['dc1.corp.example'] }]
    const verdict = async (user: string) => {
      const findings = await testWindows(config({ trusted }), { clock, random, user })
      return findings.filter(({ step }) => step === 'user').map(({ ok, detail }) => `${ok} ${detail}`)
    }
    const { cn: _, name, upn } = accounts.grace
    for (const user of [name, upn, `CORP\\${name}`, `${name}@corp.example`]) {
      const [found, ...more] = await verdict(user)
      assert.match(found ?? '', /^true CN=Grace Hopper,.*objectGUID=[0-9a-f]{32}, sAMAccountName=ghopper/, user)
      assert.deepEqual(more, [], 'nobody asks another domain')
    }
    assert.deepEqual(await verdict('ELSE\\ghopper'), ['false no entry below DC=corp,DC=example has that name'])
    assert.deepEqual(await verdict('OTHER\\ghopper'), [], 'that domain has no such base, and ours is not asked')
  })

  test('the test of the configuration says what keeps somebody from signing in, and how they are called here', async () => {
    const { grace, disabled, accountExpired, mustChange, passwordExpired } = accounts
    for (const [{ name }, said] of [
      [grace, /^undefined .*, called grace\.hopper@corp\.example here$/],
      [disabled, /^account-state .*, called disabled@corp\.example here; the account is disabled$/],
      [accountExpired, /^account-state .*; the account is expired$/],
      [mustChange, /^account-state .*; the password has to be changed first$/],
      [passwordExpired, /^account-state .*; the password has to be changed first$/],
    ] as const) {
      const findings = await testWindows(config({}), { clock, random, user: name })
      const { ok, problem, detail } = findings.find(({ step }) => step === 'user') ?? {}
      assert.equal(ok, true, name)
      assert.match(`${problem} ${detail}`, said)
    }
  })

  test('the test of the configuration says why our own account is refused', async () => {
    const { disabled, accountExpired, hours, workstation, mustChange, passwordExpired } = accounts
    for (const [{ name }, said] of [
      [disabled, /^bind .*right, and the account is disabled$/],
      [accountExpired, /^bind .*right, and the account is expired$/],
      [hours, /^bind .*at this hour$/],
      [workstation, /^bind .*from this machine/],
      [mustChange, /^bind .*right, and must be changed/],
      [passwordExpired, /^bind .*right, and expired$/],
    ] as const) {
      const ours = { account: `${name}@${samba.domain}`, password: new Secret(password) }
      const last = (await testWindows(config(ours), { clock, random })).at(-1)
      assert.match(`${last?.step} ${last?.detail}`, said)
      assert.doesNotMatch(`${last?.detail}`, new RegExp(password))
    }
  })

  test('the test of the configuration says of each group whether it is there, and whether somebody is in it', async () => {
    const verdict = async (group: string, user?: string) => {
      const groups = [{ step: 'group', group, without: 'nobody may enrol' }]
      const finding = (await testWindows(config({}), { clock, random, user, groups })).at(-1)
      return `${finding?.step} ${finding?.ok} ${finding?.problem} ${finding?.detail}`
    }
    const { name } = accounts.grace
    for (const [group, user, said] of [
      [
        'Administrators',
        samba.administrator.name,
        /^group true undefined CN=Administrators,CN=Builtin,.*direct members: \d+, Administrator@corp.example is in it$/,
      ],
      [groupDns.staff, name, /^group true undefined CN=.*, direct members: 2, ghopper is in it$/],
      ['Domain Users', name, /, ghopper is in it; whose primary group it is are not listed$/],
      ['Administrators', 'nobody', /, nobody is not to be found, or may not sign in$/],
      [
        'No such',
        undefined,
        /^group false group-missing there is no group No such, or our account may not see it: nobody may enrol$/,
      ],
      [`CN=None,${samba.baseDn}`, undefined, /^group false group-missing there is no CN=None,DC=corp/],
      [`CN=Users,${samba.baseDn}`, undefined, /^group false group-missing there is no group CN=Users,DC=corp/],
    ] as const)
      assert.match(await verdict(group, user), said, group)
  })

  test('the test of the configuration says how far it came at each controller, and exactly what is wrong', async (t) => {
    const look = (changes: Partial<WindowsConfig>) => testWindows(config(changes), { clock, random })
    for (const security of ['ldaps', 'startTls'] as const) {
      const findings = await look({ security })
      assert.deepEqual(
        findings.filter(({ ok }) => !ok),
        [],
      )
      assert.equal(findings[0]?.detail, 'dc1.corp.example')
    }

    const localhost = await misnamed(t, 636)
    const domain = 'other.example'
    const trusted = [{ domain, netbios: 'OTHER', controllers: [] }]
    for (const [changes, step, why] of [
      [{ ca: undefined }, 'tls', /^ldaps:\/\/dc1\.corp\.example:636: UNABLE_TO_VERIFY_LEAF_SIGNATURE.* GMT$/],
      [localhost, 'tls', /localhost:\d+: ERR_TLS_CERT_ALTNAME_INVALID/],
      [{ controllers: ['dc8.corp.example'] }, 'resolve', /dc8\.corp\.example/],
      [{ controllers: ['dc1.corp.example:1'] }, 'connect', /ECONNREFUSED/],
      [{ password: new Secret('Not-ours-1') }, 'bind', /reader@corp\.example/],
      [{ baseDn: `OU=None,${samba.baseDn}` }, 'base', /there is no OU=None,DC=corp,DC=example/],
      [{ userFilter: NOBODY }, 'people', /fits the user filter/],
      [{ userFilter: '(((' }, 'controllers', /the user filter \(\(\( is not an LDAP filter/],
      [{ domain }, 'controllers', /DNS names none for other\.example/],
      [{ trusted }, 'controllers', /DNS names none for other\.example/],
    ] as const) {
      const findings = await look(changes)
      const failed = findings.filter(({ ok }) => !ok)
      assert.deepEqual([failed.length, failed[0]?.step, findings.at(-1)], [1, step, failed[0]])
      assert.match(failed[0]?.detail ?? '', why)
      assert.doesNotMatch(JSON.stringify(findings), /Not-ours-1/)
    }
  })
}
