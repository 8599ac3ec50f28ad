import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Entry, PresenceFilter } from 'ldapts'
import { type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { accountsLdif, groupsDn, peopleDn, slapdAccounts, slapdPeople } from '../../dev/hosts/slapd-people.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { checkedLdap, type LdapConfig } from '../../src/outbound/directory/ldap-config.ts'
import type { Cut } from '../../src/outbound/directory/ldap-entry.ts'
import { inPages } from '../../src/outbound/directory/ldap-pages.ts'
import { serverRow } from '../../src/outbound/directory/ldap-servers.ts'
import { openSession } from '../../src/outbound/directory/ldap-session.ts'
import { systemClock } from '../../src/system.ts'
import { bare } from '../bare-check.ts'
import { silent } from '../engine.ts'
import { ldapConfigOf } from '../ldap-config.ts'

const { ada, star } = slapdPeople
const { expired, graced, reset, barred, ended, long } = slapdAccounts
const wrong = (why: string) => ({ outcome: 'wrong', why })

if (slapdIsInstalled()) describe('accounts of an LDAP directory, on slapd', suite)
else test.skip('accounts of an LDAP directory, on slapd: slapd is not installed (Debian package slapd)', () => {})

function suite() {
  let slapd: SlapdHost
  before(async () => {
    slapd = await startSlapd({ more: accountsLdif() })
  })
  after(() => slapd?.stop())

  test('the states of an account are told apart, and only to whoever has its password', async (t) => {
    const directory = open(t)
    const why = async (uid: string, password: string) => {
      const check = await directory.checkPassword(uid, password)
      return 'why' in check ? `${check.outcome} ${check.why}` : check.outcome
    }
    assert.equal(await why('expired', expired.password), 'must-change expired')
    assert.equal(await why('expired', 'Guess-1'), 'wrong password')
    assert.equal(await why('graced', graced.password), 'right', 'it cannot be changed here')
    assert.equal(await why('reset', reset.password), 'must-change reset')
    assert.equal(await why('reset', 'Guess-1'), 'wrong password')
    assert.equal(await why('barred', barred.password), 'wrong locked')
    assert.equal(await why('ended', ended.password), 'wrong account-expired')
    assert.equal(await why('ended', 'Guess-1'), 'wrong password')
  })

  test('somebody whom another has proven is found, unless the account is barred', async (t) => {
    const directory = open(t)
    assert.equal((await directory.findPerson?.('ADA'))?.username, 'ada')
    for (const name of ['barred', 'ended', 'nobody', 'twin', 'a*', ''])
      assert.equal(await directory.findPerson?.(name), undefined)
  })

  test('whoever shows no password is asked for by id, and what is wrong with passwords does not count', async (t) => {
    const directory = open(t)
    const barOf = async (uid: string) => directory.barred?.(await idOf(uid))
    for (const uid of ['ada', 'expired', 'reset']) assert.equal(await barOf(uid), undefined, uid)
    assert.deepEqual([await barOf('barred'), await barOf('ended')], ['disabled', 'account-expired'])
    for (const id of ['00000000-0000-0000-0000-000000000000', '*', ''])
      assert.equal(await directory.barred?.(id), 'unknown')
    await assert.rejects(async () => open(t, { bindPassword: new Secret('Not-ours-1') }).barred?.('x'), {
      code: 'directory.unreachable',
    })
  })

  test('a group has its members and those of the groups in it, and loops end', async (t) => {
    const directory = open(t)
    const uidOf = async (name: string) => (await directory.findPerson?.(name))?.uid ?? ''
    const [adas, graces, stars] = await Promise.all([uidOf('ada'), uidOf('grace'), uidOf(star.uid)])
    const groupsOf = async (uid: string) => {
      const names = ['staff', 'everyone', 'round', 'about', 'empty', 'unique', 'posix', 'primary', 'outer', 'none', '*']
      const isIn = await Promise.all(names.map((name) => directory.inGroup?.(uid, name)))
      return names.filter((_, i) => isIn[i])
    }
    assert.deepEqual(await groupsOf(adas), ['staff', 'everyone', 'posix'])
    assert.deepEqual(await groupsOf(graces), ['everyone', 'round', 'about', 'unique', 'primary', 'outer'])
    assert.deepEqual(await groupsOf(stars), ['posix'])
    assert.equal(await directory.inGroup?.(adas, `CN=Everyone,${groupsDn}`), true)
    for (const uid of ['', '*', 'ada']) assert.deepEqual(await groupsOf(uid), [], uid)
  })

  test('a password is changed by its owner, where the option allows, by the rules of the directory', async (t) => {
    assert.equal(open(t).changePassword, undefined)
    const directory = open(t, { changePasswords: true })
    const change = directory.changePassword?.bind(directory)
    assert.ok(change)
    const refused = { outcome: 'refused', why: 'rules' }
    assert.deepEqual(await change('reset', 'Guess-1', 'Another-12-long'), wrong('password'))
    assert.deepEqual(await change('reset', '', 'Another-12-long'), wrong('empty'))
    assert.deepEqual(await change('nobody', 'Guess-1', 'Another-12-long'), wrong('unknown'))
    for (const chosen of ['', 'short', 'nul\0-in-it-12', 'x'.repeat(1025)])
      assert.deepEqual(await change('reset', reset.password, chosen), refused, chosen)

    assert.deepEqual(await change('reset', reset.password, 'Grüße-😀-12'), { outcome: 'changed' })
    assert.equal((await directory.checkPassword('reset', 'Grüße-😀-12')).outcome, 'right')
    assert.deepEqual(await bare(directory.checkPassword('reset', reset.password)), wrong('password'))

    assert.equal((await directory.checkPassword('graced', graced.password)).outcome, 'must-change')
    assert.deepEqual(await change('graced', graced.password, 'Fresh-17-long'), { outcome: 'changed' })
    assert.equal((await directory.checkPassword('graced', 'Fresh-17-long')).outcome, 'right')

    assert.deepEqual(await change('expired', 'Guess-1', 'Fresh-11-long'), wrong('password'))
    assert.deepEqual(await change('expired', expired.password, 'Fresh-11-long'), { outcome: 'changed' })
    assert.equal((await directory.checkPassword('expired', 'Fresh-11-long')).outcome, 'right')
  })

  test('our account is the one that our certificate names', async (t) => {
    const { cert, key } = slapd.client
    const by: Partial<LdapConfig> = { bind: 'certificate', bindDn: undefined, bindPassword: undefined }
    for (const url of [slapd.ldapUrl, slapd.ldapsUrl]) {
      const startTls = url === slapd.ldapUrl
      const directory = open(t, { ...by, url, startTls, identity: { cert, key: new Secret(key) } })
      assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
      assert.deepEqual(await bare(directory.checkPassword('ada', 'Guess-1')), wrong('password'))
    }
    assert.throws(() => open(t, by), { code: 'config.wrong', message: /by certificate/ })
  })

  test('nobody sees nothing here: that is an outage and no unknown name', async (t) => {
    const directory = open(t, { bind: 'anonymous', bindDn: undefined, bindPassword: undefined })
    await assert.rejects(directory.checkPassword('ada', ada.password), { code: 'directory.unreachable' })
  })

  test('a value of 2 MB is left out, told, and keeps nobody out', async (t) => {
    const told: unknown[] = []
    const log = { ...silent, warn: (_: string, about?: object) => void told.push(about) }
    const directory = ldapDirectory(config(), { log, clock: systemClock })
    t.after(() => directory.close())
    const check = await directory.checkPassword('long', long.password)
    assert.ok(check.outcome === 'right')
    assert.equal(check.person.displayName, undefined)
    assert.deepEqual(told, [{ server: slapd.ldapUrl, attribute: 'displayName' }])
  })

  test('pages give everybody once, with what is too long left out by name', async (t) => {
    const session = await openSession(
      { ...checked(), row: serverRow(async () => checked().servers, systemClock) },
      silent,
    )
    t.after(() => session.client.unbind())
    const read = async (pageSize: number) => {
      const filter = new PresenceFilter({ attribute: 'uid' })
      const wanted = { attributes: ['uid', 'displayName'], explicitBufferAttributes: [] }
      const cut: Cut[] = []
      const pages: Entry[][] = []
      const question = { base: peopleDn, filter, wanted, pageSize, most: 1000, mayRefer: false }
      for await (const page of inPages(session, { ...question, tell: (one) => cut.push(one) })) pages.push(page)
      return { cut, pages }
    }
    const everybody = Object.keys(slapdPeople).length + Object.keys(slapdAccounts).length
    for (const [size, pages] of [
      [3, Math.ceil(everybody / 3)],
      [500, 1],
    ] as const) {
      const got = await read(size)
      const uids = got.pages.flat().map(({ uid }) => uid)
      assert.deepEqual([new Set(uids).size, uids.length, got.pages.length], [everybody, everybody, pages])
      assert.deepEqual(got.cut, [{ dn: `uid=long,${peopleDn}`, attribute: 'displayName' }])
    }
  })

  async function idOf(uid: string): Promise<string> {
    const { client } = await openSession(
      { ...checked(), row: serverRow(async () => checked().servers, systemClock) },
      silent,
    )
    const found = await client.search(`uid=${uid},${peopleDn}`, { scope: 'base', attributes: ['entryUUID'] })
    await client.unbind()
    return String(found.searchEntries[0]?.entryUUID)
  }

  const checked = () => checkedLdap(config())

  const config = (changes?: Partial<LdapConfig>) => ldapConfigOf(slapd, changes)

  function open(t: TestContext, changes: Partial<LdapConfig> = {}) {
    const directory = ldapDirectory(config(changes), { log: silent, clock: systemClock })
    t.after(() => directory.close())
    return directory
  }
}
