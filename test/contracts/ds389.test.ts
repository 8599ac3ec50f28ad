import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { Attribute, Change, Client } from 'ldapts'
import { type Ds389Host, ds389IsInstalled, startDs389 } from '../../dev/hosts/ds389.ts'
import { ds389People } from '../../dev/hosts/ds389-people.ts'
import { peopleDn } from '../../dev/hosts/slapd-people.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { type LdapConfig, usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { testLdap } from '../../src/outbound/directory/ldap-diagnosis.ts'
import { peopleSource } from '../../src/outbound/directory/people-source.ts'
import { systemClock as clock, systemRandom as random } from '../../src/system.ts'
import { silent as log } from '../engine.ts'
import { follower } from '../sync/follower.ts'

const { ada, grace, umlaut, comma, lena, expired, lapsed, graced, reset, disabled } = ds389People
const changePasswords = true
const byNobody: Partial<LdapConfig> = { bind: 'anonymous', bindDn: undefined, bindPassword: undefined }

if (ds389IsInstalled()) describe('an LDAP directory, on 389 Directory Server', suite)
else test.skip('an LDAP directory: 389 Directory Server is not installed (Debian package 389-ds-base)', () => {})

function suite() {
  let host: Ds389Host
  let admin: Client
  // A hook has no more time than one test: a busy machine makes no directory in it.
  before(
    async () => {
      host = await startDs389()
      admin = new Client({ url: host.ldapsUrl, tlsOptions: { ca: host.ca } })
      await admin.bind(host.administrator.dn, host.administrator.password)
    },
    { timeout: 600_000 },
  )
  after(async () => {
    await admin?.unbind()
    await host?.stop()
  })

  test('people sign in over StartTLS and LDAPS, by our account, its certificate, and not as nobody', async (t) => {
    const { cert, key } = host.client
    const identity = { cert, key: new Secret(key) }
    const overTls = { url: host.ldapsUrl, startTls: false }
    for (const changes of [{}, overTls, { ...byNobody, bind: 'certificate' as const, identity }]) {
      const directory = open(t, changes)
      const check = await directory.checkPassword('ada', ada.password)
      assert.ok(check.outcome === 'right')
      const { uid, ...rest } = check.person
      assert.match(uid ?? '', /^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/, 'nsUniqueId')
      assert.deepEqual(rest, { username: 'ada', displayName: ada.name, mail: ada.mail, phone: ada.phone })
      const guess = await directory.checkPassword('ada', 'Guess-1')
      assert.deepEqual(guess.outcome === 'wrong' && [guess.why, guess.whom?.uid], ['password', uid])
      assert.deepEqual(await directory.checkPassword('*', ada.password), { outcome: 'wrong', why: 'unknown' })
    }
    for (const { uid, password } of [umlaut, comma, grace])
      assert.equal((await open(t).checkPassword(uid, password)).outcome, 'right', uid)
    assert.equal((await open(t, byNobody).checkPassword('ada', ada.password)).outcome, 'wrong')
  })

  test('the states of an account are told apart', async (t) => {
    const directory = open(t, { changePasswords })
    const why = async (uid: string, password: string) => {
      const check = await directory.checkPassword(uid, password)
      return 'why' in check ? `${check.outcome} ${check.why}` : check.outcome
    }
    assert.equal(await why('expired', 'Guess-1'), 'wrong password')
    assert.equal(await why('expired', expired.password), 'must-change expired')
    assert.equal(await why('graced', graced.password), 'must-change expired')
    assert.equal((await open(t).checkPassword('graced', graced.password)).outcome, 'right', 'it cannot be changed here')
    assert.equal(await why('reset', reset.password), 'must-change reset')
    assert.equal(await why('reset', 'Guess-1'), 'wrong password')
    for (const password of [disabled.password, 'Guess-1'])
      assert.equal(await why('disabled', password), 'wrong disabled')
    for (let i = 0; i < 3; i++) assert.equal(await why('lena', 'Guess-1'), 'wrong password')
    assert.equal(await why('lena', lena.password), 'wrong locked')
    assert.equal(await directory.findPerson?.('disabled'), undefined)
  })

  test('a password is changed by its owner, by the rules of the directory', async (t) => {
    const directory = open(t, { changePasswords })
    const change = async (uid: string, old: string, chosen: string) => {
      const changed = await directory.changePassword?.(uid, old, chosen)
      assert.ok(changed)
      return 'why' in changed ? `${changed.outcome} ${changed.why}` : changed.outcome
    }
    assert.equal(await change('reset', 'Guess-1', 'Chosen-11-long'), 'wrong password')
    for (const chosen of ['short', 'too-much-like-reset'])
      assert.equal(await change('reset', reset.password, chosen), 'refused rules')
    for (const { uid, password } of [reset, graced]) {
      assert.equal(await change(uid, password, 'Chosen-11-ß-long'), 'changed', uid)
      assert.equal((await directory.checkPassword(uid, 'Chosen-11-ß-long')).outcome, 'right', uid)
    }
  })

  test('without grace an expired password is changed by our account, where it may write it', async (t) => {
    const directory = open(t, { changePasswords })
    const change = () => directory.changePassword?.('lapsed', lapsed.password, 'Chosen-12-long')
    assert.deepEqual(await change(), { outcome: 'refused', why: 'not-allowed' })
    const mayWrite = `(targetattr = "userPassword")(version 3.0; acl "ours"; allow (write) userdn = "ldap:///${host.bindDn}";)`
    await set(host.baseDn, 'aci', [mayWrite], 'add')
    assert.deepEqual(await change(), { outcome: 'changed' })
    // 389 takes it for a reset, and has the owner choose once more.
    const check = await directory.checkPassword('lapsed', 'Chosen-12-long')
    assert.ok(check.outcome === 'must-change' && check.why === 'reset')
  })

  test('a group has its members and those of the groups in it, and loops end', async (t) => {
    const directory = open(t)
    const groupsOf = async (name: string) => {
      const { uid = '' } = (await directory.findPerson?.(name)) ?? {}
      const names = ['staff', 'everyone', 'round', 'about', 'unique', 'posix', 'none']
      const isIn = await Promise.all(names.map((group) => directory.inGroup?.(uid, group)))
      return names.filter((_, i) => isIn[i])
    }
    assert.deepEqual(await groupsOf('ada'), ['staff', 'everyone', 'posix'])
    assert.deepEqual(await groupsOf(comma.uid), ['staff', 'everyone'])
    assert.deepEqual(await groupsOf('grace'), ['everyone', 'round', 'about', 'unique'])
  })

  test('people are read whole, then by what changed: new, renamed, moved, disabled and gone ones', async (t) => {
    const source = sourceOf(t)
    const others = `ou=others,${host.baseDn}`
    const all = follower(source, { base: host.baseDn })
    const staff = follower(source, { base: host.baseDn, group: `cn=everyone,ou=groups,${host.baseDn}` })
    assert.equal((await all.catchUp()).whole, true)
    await staff.catchUp()
    assert.equal(all.people.size, Object.keys(ds389People).length)
    assert.deepEqual(namesOf(staff), ['ada', 'grace', 'last, first'])
    assert.equal([...all.people.values()].find(({ username }) => username === 'disabled')?.enabled, false)

    const before = uidsOf(all)
    await admin.add(`uid=new,${others}`, { objectClass: 'inetOrgPerson', uid: 'new', cn: 'New', sn: 'New' })
    await admin.modifyDN(`uid=umlaut,${peopleDn}`.replace('umlaut', umlaut.uid), `uid=renamed,${peopleDn}`)
    await admin.modifyDN(`uid=grace,${peopleDn}`, `uid=grace,${others}`)
    await set(`uid=ada,${peopleDn}`, 'nsAccountLock', ['true'])
    await admin.del(`uid=lena,${peopleDn}`)
    for (const each of [all, staff]) assert.equal((await each.catchUp()).whole, false)

    const now = uidsOf(all)
    assert.equal(now.get('renamed'), before.get(umlaut.uid))
    assert.equal(now.get('grace'), before.get('grace'))
    assert.ok(now.has('new') && !now.has('lena') && !now.has(umlaut.uid))
    const afresh = follower(sourceOf(t), { base: host.baseDn })
    await afresh.catchUp()
    const plain = (one: typeof all) => Object.fromEntries(one.people)
    assert.deepEqual(plain(all), plain(afresh))
    assert.equal([...all.people.values()].find(({ username }) => username === 'ada')?.enabled, false)
    await set(`uid=ada,${peopleDn}`, 'nsAccountLock', [])
  })

  test('a limit of our account is told, by the test and by what reads people', async (t) => {
    await set(host.bindDn, 'nsLookThroughLimit', ['18'])
    await assert.rejects(
      sourceOf(t).read({ base: host.baseDn }, undefined, async () => {}),
      { code: 'directory.unreachable', message: /the server limits what our account may read/ },
    )
    assert.match(await found({}, 'people'), /^note limited/)
    assert.match(await found({}, 'pages'), /^note no-pages only 0 people .* limits what our account may read/)
    await set(host.bindDn, 'nsLookThroughLimit', ['-1'])
    assert.match(await found({}, 'pages'), /^ok {2}\d+ people can be read/)
  })

  test('the test says what is wrong with our own account', async () => {
    assert.match(await found({ startTls: false }, 'bind'), /^FAILS bind-not-allowed .*requires a secure connection/)
    assert.match(await found(byNobody, 'base'), /^FAILS base-missing .*may not see it/)
    const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString().replace(/[-:T]|\.\d+/g, '')
    for (const [time, said] of [
      ['20200101000000Z', /^FAILS bind-not-allowed as cn=sallyport.*: its password is expired$/],
      ['19700101000000Z', /^FAILS bind-not-allowed as cn=sallyport.*: its password must be changed first$/],
      [inAnHour, /^note password-expires .*it expires within a day$/],
      ['20400101000000Z', /^ok {2}as cn=sallyport/],
    ] as const) {
      await set(host.bindDn, 'passwordExpirationTime', [time])
      assert.match(await found({}, 'bind'), said)
    }
    await set('cn=config', 'nsslapd-allow-anonymous-access', ['off'])
    assert.match(await found(byNobody, 'bind'), /^FAILS bind-not-allowed anonymous binds are forbidden/)
  })

  test('a server that was started again, and one that is down beside it, keep nobody out', async (t) => {
    const dead = 'ldap://localhost:1'
    const directory = open(t, { url: [dead, host.ldapUrl] })
    assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
    await host.halt()
    await assert.rejects(directory.checkPassword('ada', ada.password), { code: 'directory.unreachable' })
    await host.start()
    assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
  })

  const namesOf = ({ people }: ReturnType<typeof follower>) =>
    [...people.values()].map(({ username }) => username).sort()
  const uidsOf = ({ people }: ReturnType<typeof follower>) =>
    new Map([...people.values()].map(({ username, uid }) => [username, uid]))

  function set(dn: string, type: string, values: string[], operation: 'replace' | 'add' = 'replace'): Promise<void> {
    return admin.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) }))
  }

  /** How the test speaks of that step. */
  async function found(changes: Partial<LdapConfig>, step: string): Promise<string> {
    const finding = (await testLdap(config(changes), { clock })).find((one) => one.step === step)
    assert.ok(finding, `it did not come as far as ${step}`)
    const { ok, problem = '', detail } = finding
    return `${ok ? (problem ? 'note' : 'ok') : 'FAILS'} ${problem} ${detail}`
  }

  function open(t: TestContext, changes: Partial<LdapConfig> = {}) {
    const directory = ldapDirectory(config(changes), { log, clock })
    t.after(() => directory.close())
    return directory
  }

  function sourceOf(t: TestContext) {
    const attributes = { firstName: 'givenName', lastName: 'sn', phones: {} }
    const from = { kind: 'ldap' as const, ldap: config() }
    const config389 = { from, attributes, filters: {}, pageSize: 4, most: 1_000, pageMs: 30_000 }
    const source = peopleSource(config389, { log, clock, random })
    t.after(() => source.close())
    return source
  }

  function config(changes: Partial<LdapConfig> = {}): LdapConfig {
    const { ldapUrl: url, ca, bindDn, bindPassword, baseDn } = host
    const account = { bindDn, bindPassword: new Secret(bindPassword) }
    const attributes = { ...usualAttributes, uid: 'nsUniqueId' }
    return { url, startTls: true, ca, ...account, baseDn, attributes, timeoutMs: 30_000, ...changes }
  }
}
