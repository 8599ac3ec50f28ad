import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { Attribute, Change, Client } from 'ldapts'
import { type SambaHost, sambaIsInstalled, startSamba } from '../../dev/hosts/samba.ts'
import { other, otherGroups, otherPassword, otherPeople, trustLdif } from '../../dev/hosts/samba-other.ts'
import { accounts, password, peopleDn } from '../../dev/hosts/samba-people.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import type { SourcePerson } from '../../src/core/sync/source.ts'
import type { PeopleConfig } from '../../src/outbound/directory/people-config.ts'
import { peopleSource } from '../../src/outbound/directory/people-source.ts'
import { windowsDirectory } from '../../src/outbound/directory/windows.ts'
import type { WindowsConfig } from '../../src/outbound/directory/windows-config.ts'
import { testWindows } from '../../src/outbound/directory/windows-diagnosis.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemClock as clock, systemRandom as random } from '../../src/system.ts'
import { engineWorld, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const wrong = (why: string) => ({ outcome: 'wrong', why })
const unreachable = { name: 'AppError', code: 'directory.unreachable' }
const guests = `CN=Guests Inside,${peopleDn}`
const outer = `CN=Outer,${peopleDn}`
/** The controllers of ours have it not: they refer to others, or know of nothing. */
const child = 'DC=child,DC=corp,DC=example'

if (sambaIsInstalled()) describe('two domains of Active Directory, one of which trusts the other, on Samba', suite)
else test.skip('two domains of Active Directory, on Samba: it needs root and the Debian package samba', () => {})

function suite() {
  let corp: SambaHost
  let theirs: SambaHost
  // A hook has no more time than one test: a busy machine makes no domain in it.
  before(
    async () => {
      theirs = await startSamba({ realm: other })
      corp = await startSamba({ more: { add: trustLdif() }, forwarder: theirs.dns })
      await fillGroups(corp, theirs)
    },
    { timeout: 600_000 },
  )
  after(() => Promise.all([corp?.stop(), theirs?.stop()]))

  function config(changes: Partial<WindowsConfig> = {}): WindowsConfig {
    return {
      ...{ domain: corp.domain, netbios: corp.netbios, controllers: [], dns: [corp.dns], trusted: [trusted()] },
      ...{ security: 'ldaps', ca: corp.ca + theirs.ca, account: corp.service.name, username: 'upn' },
      ...{ password: new Secret(corp.service.password), changePasswords: true, timeoutMs: 30_000 },
      ...changes,
    }
  }
  function trusted() {
    const account = { name: theirs.service.name, password: new Secret(theirs.service.password) }
    return {
      ...{ domain: other.domain, netbios: other.netbios, controllers: [] },
      suffixes: ['brand.example'],
      account,
    }
  }
  function open(t: TestContext, changes: Partial<WindowsConfig> = {}) {
    const directory = windowsDirectory(config(changes), { log: silent, clock, random })
    t.after(() => directory.close())
    return directory
  }
  function openPeople(t: TestContext, changes: Partial<WindowsConfig> = {}) {
    const attributes: PeopleConfig['attributes'] = { firstName: 'givenName', lastName: 'sn', phones: {} }
    const from = { kind: 'windows', windows: config(changes) } as const
    const limits = { pageSize: 100, most: 10_000, pageMs: 10_000 }
    const source = peopleSource({ from, attributes, filters: {}, ...limits }, { log: silent, clock, random })
    t.after(() => source.close())
    return source
  }

  test('people of the other sign in by their names in full, and by a suffix that is theirs', async (t) => {
    const names = {
      ann: ['OTHER\\ann', 'ann@other.example', 'other.example\\ANN', 'Ann@OTHER'],
      bea: ['OTHER\\bea', 'bea@other.example', 'bea@brand.example', 'BEA@Brand.example'],
    }
    const called = {
      upn: { ann: 'ann@other.example', bea: 'bea@brand.example' },
      account: { ann: 'OTHER\\ann', bea: 'OTHER\\bea' },
    }
    for (const username of ['upn', 'account'] as const) {
      const directory = open(t, { username })
      for (const who of ['ann', 'bea'] as const) {
        for (const name of names[who]) {
          const check = await directory.checkPassword(name, otherPassword)
          assert.equal(check.outcome === 'right' && check.person.username, called[username][who], name)
        }
      }
      for (const name of [
        'ann',
        'CORP\\ann',
        'ann@corp.example',
        'ann@brand.example',
        'THIRD\\ann',
        'ann@third.example',
      ])
        assert.deepEqual(await directory.checkPassword(name, otherPassword), wrong('unknown'), name)
      const spellings = names.ann.map((name) => directory.spellingOf?.(name).toLowerCase())
      assert.deepEqual([...new Set(spellings)], ['ann@other.example'], 'one count of tries')
    }
  })

  test('two of one account name are two people, whatever their domain says of them', async (t) => {
    const [sqlite] = dialects
    assert.ok(sqlite)
    const [, openDatabase] = sqlite
    const directory = open(t)
    const { api, from, engine } = await engineWorld(await openDatabase(), { directory, directoryKind: 'windows' })
    const begin = async (username: string, given: string) => {
      const answer = await api.beginSignIn(from, { username, password: given })
      return answer.ok ? answer.value.outcome : answer.refusal
    }
    assert.equal(await begin('ada', otherPassword), 'credentials.wrong')
    assert.equal(await begin('OTHER\\ada', password), 'credentials.wrong')
    assert.equal(await begin('ada', password), 'begun')
    assert.equal(await begin('ada@other.example', otherPassword), 'begun')
    const uids = [await directory.findPerson?.('ada'), await directory.findPerson?.('OTHER\\ada')].map(
      (each) => each?.uid,
    )
    assert.match(uids[0] ?? '', /^[0-9a-f]{32}$/)
    assert.match(uids[1] ?? '', /^[0-9a-f]{32}@other\.example$/)

    assert.equal(
      await begin(accounts.grace.upn, otherPassword),
      'credentials.wrong',
      'Mallory’s principal name is ours',
    )
    assert.equal((await directory.findPerson?.('OTHER\\mallory'))?.username, 'OTHER\\mallory')
    assert.ok(engine)
  })

  test('each state of an account there is told, and a password that must be changed is changed there', async (t) => {
    const directory = open(t)
    const outcome = async (name: string, given: string) => {
      const check = await directory.checkPassword(name, given)
      return 'why' in check ? check.why : check.outcome
    }
    assert.equal(await outcome('OTHER\\disabled', otherPassword), 'disabled')
    assert.equal(await outcome('stale@other.example', otherPassword), 'expired')
    assert.equal(await outcome('OTHER\\fresh', otherPassword), 'reset')
    for (let i = 0; i < 3; i++) await outcome('OTHER\\lockable', 'Guess-no-1')
    assert.equal(await outcome('OTHER\\lockable', otherPassword), 'locked')
    assert.equal(await outcome('CORP\\lockable', password), 'right', 'of that name here')

    const change = (name: string, old: string) => directory.changePassword?.(name, old, 'Chosen-pass-2')
    assert.deepEqual(await change('OTHER\\fresh', 'Guess-no-1'), wrong('password'))
    assert.deepEqual(await change('fresh@other.example', otherPassword), { outcome: 'changed' })
    assert.equal(await outcome('OTHER\\fresh', 'Chosen-pass-2'), 'right')
    assert.equal(await outcome('CORP\\fresh', password), 'reset', 'of that name here')
  })

  test('a group of ours has them by their SID and by that of each group of theirs that counts here', async (t) => {
    const directory = open(t)
    const members = async (group: string) =>
      Promise.all(
        ['OTHER\\ann', 'OTHER\\ada', 'OTHER\\bea', 'OTHER\\mallory', 'CORP\\ada'].map(async (name) =>
          directory.inGroup?.((await directory.findPerson?.(name))?.uid ?? '', group),
        ),
      )
    const theirOnes = [true, false, false, true, false]
    assert.deepEqual(await members('Guests Inside'), theirOnes)
    assert.deepEqual(await members(guests), theirOnes)
    assert.deepEqual(await members('Outer'), theirOnes, 'by a group in it')
    assert.deepEqual(await members('Everybody There'), [true, true, true, true, false], 'the primary group')
    assert.deepEqual(
      await members('Staff There'),
      [true, true, true, true, false],
      'a group that the primary one is in',
    )
    assert.deepEqual(await members('Staff'), [false, false, false, false, true], 'as the Ada of ours')
    assert.deepEqual(await members('Domain Users'), [false, false, false, false, true], 'of the same number there')
    assert.deepEqual(await members('No such group'), [false, false, false, false, false])
  })

  test('such a group says who may enrol, and which accounts open the SDK', async (t) => {
    const [sqlite] = dialects
    assert.ok(sqlite)
    const [, openDatabase] = sqlite
    const groups = { enrolment: 'Outer', serviceAccounts: guests }
    const given = { directory: open(t), directoryKind: 'windows', groups } as const
    const { api, from, engine } = await engineWorld(await openDatabase(), given)
    const begin = async (username: string) => {
      const answer = await api.beginSignIn(from, { username, password: otherPassword })
      return answer.ok ? answer.value.outcome : answer.refusal
    }
    assert.equal(await begin('OTHER\\ann'), 'begun')
    assert.equal(await begin('OTHER\\bea'), 'enrolment.off')
    assert.equal(await engine.checkServiceAccount('OTHER\\ann', otherPassword), true)
    assert.equal(await engine.checkServiceAccount('OTHER\\bea', otherPassword), false)
  })

  test('a domain that trusts ours, and that ours does not trust, is in no group of ours', async (t) => {
    const { domain, netbios, service } = corp
    const account = { name: service.name, password: new Secret(service.password) }
    const turned = {
      ...{ domain: other.domain, netbios: other.netbios, account: theirs.service.name },
      ...{ password: new Secret(theirs.service.password), trusted: [{ domain, netbios, controllers: [], account }] },
    }
    const directory = open(t, turned)
    const uid = (await directory.findPerson?.('CORP\\ada'))?.uid ?? ''
    assert.match(uid, /@corp\.example$/)
    assert.equal(await directory.inGroup?.(uid, otherGroups.local), false, 'though her SID is a member there')
  })

  test('people below a base of the other are imported, as those who sign in there', async (t) => {
    const source = openPeople(t)
    const scope = { base: `ou=People, ${other.baseDn.toLowerCase()}` }
    const people: SourcePerson[] = []
    const take = async (page: readonly SourcePerson[]) => void people.push(...page)
    const { cursor, whole } = await source.read(scope, undefined, take)
    assert.ok(whole)
    const named = (username: string) => people.find((each) => each.username === username)
    assert.deepEqual([named('ann@other.example')?.enabled, named('disabled@other.example')?.enabled], [true, false])
    assert.ok(named('bea@brand.example') && named('OTHER\\mallory') && !named(accounts.grace.upn))
    assert.equal(named('ann@other.example')?.uid, (await open(t).findPerson?.('OTHER\\ann'))?.uid)

    const again = await source.read(scope, cursor, take)
    assert.deepEqual([again.whole, again.present.size], [false, people.length])
    const ann = named('ann@other.example')?.uid ?? ''
    assert.deepEqual(
      (await source.fetch([ann, ann.slice(0, 32)], scope.base)).map(({ uid }) => uid),
      [ann],
    )
    assert.deepEqual(await source.fetch([ann]), [], 'nobody of ours')
    const sales = await source.find('group', 'Sale', 10)
    assert.deepEqual(sales.map(({ dn }) => dn).sort(), [otherGroups.everySale, otherGroups.sales])
    const inSales = await source.read({ ...scope, group: otherGroups.everySale }, undefined, async () => {})
    assert.deepEqual([...inSales.present], [ann])
  })

  test('whom items took in from both are the users who sign in, though their names are alike', async (t) => {
    const [sqlite] = dialects
    assert.ok(sqlite)
    const [, openDatabase] = sqlite
    const database = await openDatabase()
    const over = { directory: open(t), directoryKind: 'windows', people: openPeople(t), seeded: false } as const
    const { api, operator, from } = await engineWorld(database, { ...over, settings: { 'sync.automatic': false } })
    for (const [name, base] of Object.entries({ ours: peopleDn, theirs: `OU=People,${other.baseDn}` }))
      assert.ok((await api.addSyncItem(operator, { name, scope: { base }, rules: {} })).ok)
    assert.ok((await api.synchronise(operator, {})).ok)
    const users = () => database.rows(sql`SELECT username, directory_uid FROM users ORDER BY username`)
    const known = await users()
    assert.deepEqual(
      known.map(({ username }) => String(username)).filter((username) => /ada|mallory|grace/.test(username)),
      ['OTHER\\mallory', 'ada@corp.example', 'ada@other.example', 'grace.hopper@corp.example'],
    )
    for (const [username, given] of [
      ['ada', password],
      ['OTHER\\ada', otherPassword],
      ['mallory@other.example', otherPassword],
      [accounts.grace.upn, password],
    ] as const) {
      const answer = await api.beginSignIn(from, { username, password: given })
      assert.equal(answer.ok && answer.value.outcome, 'begun', username)
    }
    assert.deepEqual(await users(), known, 'nobody arrived beside them')
    assert.deepEqual(await database.rows(sql`SELECT what FROM audit WHERE what = 'identity.conflict'`), [])
  })

  test('what a controller refers to elsewhere is not followed, and is no part of the answer', async (t) => {
    assert.equal((await open(t).checkPassword('ada', password)).outcome, 'right')
    await assert.rejects(open(t, { baseDn: child }).checkPassword('ada', password), unreachable)
    const source = openPeople(t)
    await assert.rejects(
      source.read({ base: child }, undefined, async () => {}),
      { name: 'AppError', code: 'directory.missing' },
    )
    const { present } = await source.read({ base: corp.baseDn }, undefined, async () => {})
    assert.ok(present.size > 10)
  })

  test('the test of the configuration looks for a name where a sign-in would, as whom it would', async (t) => {
    const look = async (user: string, changes: Partial<WindowsConfig> = {}) =>
      (await testWindows(config(changes), { clock, random, user })).filter(({ step, ok }) => step === 'user' || !ok)
    for (const [user, dn] of [
      ['OTHER\\ann', `CN=${otherPeople.ann.cn},OU=People,${other.baseDn}`],
      ['CORP\\ada', `CN=${accounts.ada.cn},${peopleDn}`],
    ] as const) {
      const findings = await look(user)
      assert.deepEqual([findings.length, findings[0]?.ok], [1, true], user)
      assert.ok(findings[0]?.detail?.startsWith(dn))
    }
    const { account: _, ...without } = trusted()
    const finding = (await look('ada', { trusted: [without] })).find(({ ok }) => !ok)
    assert.deepEqual([finding?.step, finding?.detail?.includes(corp.service.name)], ['bind', true])
    await assert.rejects(open(t, { trusted: [without] }).checkPassword('OTHER\\ann', otherPassword), unreachable)
  })

  test('a domain of another CA, or without a live controller, keeps only its own people out', async (t) => {
    const half = open(t, { ca: corp.ca })
    assert.equal((await half.checkPassword('ada', password)).outcome, 'right')
    await assert.rejects(half.checkPassword('OTHER\\ann', otherPassword), { code: 'directory.untrusted' })

    const hasty = open(t, { timeoutMs: 3_000 })
    theirs.controllers[0].freeze()
    const [there, here] = await Promise.allSettled([
      hasty.checkPassword('OTHER\\ann', otherPassword),
      hasty.checkPassword('ada', password),
    ])
    theirs.controllers[0].thaw()
    assert.ok(there.status === 'rejected' && there.reason.code === 'directory.unreachable')
    assert.ok(here.status === 'fulfilled' && here.value.outcome === 'right')

    const directory = open(t)
    const ann = (await directory.findPerson?.('OTHER\\ann'))?.uid ?? ''
    await theirs.controllers[0].kill()
    await assert.rejects(directory.checkPassword('OTHER\\ann', otherPassword), unreachable)
    await assert.rejects(async () => directory.inGroup?.(ann, 'Outer'), unreachable)
    assert.equal((await directory.checkPassword('ada', password)).outcome, 'right')
    assert.equal((await openPeople(t).find('group', 'Outer', 10)).length, 1)
    await theirs.controllers[0].start()

    await corp.controllers[0].kill()
    assert.equal((await directory.checkPassword('OTHER\\ann', otherPassword)).outcome, 'right')
    await assert.rejects(async () => directory.inGroup?.(ann, 'Outer'), unreachable)
  })
}

/** Of ours: some by the SIDs of the other's, which a domain makes foreignSecurityPrincipals of. And one the other way round. */
async function fillGroups(corp: SambaHost, theirs: SambaHost): Promise<void> {
  const [here, there] = [await administrator(corp), await administrator(theirs)]
  const sidOf = async (client: Client, filter: string, base: string) => {
    const wanted = { attributes: ['objectSid'], explicitBufferAttributes: ['objectSid'] }
    const { searchEntries } = await client.search(base, { filter, ...wanted })
    const sid = searchEntries[0]?.objectSid
    assert.ok(Buffer.isBuffer(sid))
    return `<SID=${sid.toString('hex')}>`
  }
  const theirSid = (account: string) => sidOf(there, `(sAMAccountName=${account})`, other.baseDn)
  const put = async (client: Client, group: string, members: string[]) =>
    client.modify(
      group,
      new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: members }) }),
    )
  const groupType = '-2147483644'
  for (const name of ['Guests Inside', 'Outer', 'Everybody There', 'Staff There'])
    await here.add(`CN=${name},${peopleDn}`, { objectClass: 'group', sAMAccountName: name, groupType })
  await put(here, guests, await Promise.all(['Every Sale', 'mallory', 'Local'].map(theirSid)))
  await put(here, outer, [guests])
  await put(here, `CN=Everybody There,${peopleDn}`, [await theirSid('Domain Users')])
  await put(here, `CN=Staff There,${peopleDn}`, [await theirSid('All Staff')])
  await put(there, otherGroups.local, [await sidOf(here, '(sAMAccountName=ada)', corp.baseDn)])
  await Promise.all([here.unbind(), there.unbind()])
}

async function administrator({ controllers, ca, administrator }: SambaHost): Promise<Client> {
  const client = new Client({ url: controllers[0].ldapsUrl, tlsOptions: { ca } })
  await client.bind(administrator.name, administrator.password)
  return client
}
