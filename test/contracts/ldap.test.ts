import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { rootCertificates } from 'node:tls'
import { Client } from 'ldapts'
import { type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { slapdPeople } from '../../dev/hosts/slapd-people.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { type LdapConfig, usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { systemClock } from '../../src/system.ts'
import { bare } from '../bare-check.ts'
import { ldapConfigOf } from '../ldap-config.ts'

const { ada, grace, lena, twin } = slapdPeople
const wrong = (why: string) => ({ outcome: 'wrong', why })
const unreachable = { name: 'AppError', code: 'directory.unreachable' }
const untrusted = { name: 'AppError', code: 'directory.untrusted' }

if (slapdIsInstalled()) describe('the LDAP directory, on slapd', suite)
else test.skip('the LDAP directory, on slapd: slapd is not installed (Debian package slapd)')

function suite() {
  let slapd: SlapdHost
  before(async () => {
    slapd = await startSlapd()
  })
  after(() => slapd?.stop())

  for (const way of ['StartTLS', 'LDAPS'] as const) {
    test(`over ${way}, the right password gives the person and a wrong one nobody`, async (t) => {
      const directory = world(t, over(way))

      const check = await directory.checkPassword('ada', ada.password)
      assert.ok(check.outcome === 'right')
      const { uid, ...rest } = check.person
      assert.match(uid ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/, 'entryUUID')
      assert.deepEqual(rest, { username: 'ada', displayName: 'Ada Lovelace', mail: ada.mail, phone: ada.phone })

      assert.deepEqual(await bare(directory.checkPassword('ada', `${ada.password}x`)), wrong('password'))
      assert.deepEqual(await bare(directory.checkPassword('nobody', ada.password)), wrong('unknown'))
    })

    test(`over ${way}, a certificate of a CA that we do not know is refused, whatever Node is told`, async (t) => {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
      t.after(() => {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      })
      for (const ca of [undefined, rootCertificates[0]]) {
        const directory = world(t, { ...over(way), ca })
        await assert.rejects(directory.checkPassword('ada', ada.password), untrusted)
      }
    })

    test(`over ${way}, a certificate for another name is refused`, async (t) => {
      const directory = world(t, { ...over(way), url: urlOf(way, slapd.misnamed) })
      await assert.rejects(directory.checkPassword('ada', ada.password), untrusted)
    })
  }

  test('a server that cannot be trusted hears nothing, not even our own password', async (t) => {
    const from = (await binds()).length
    await assert.rejects(world(t, { ca: undefined }).checkPassword('ada', ada.password), untrusted)
    await assert.rejects(world(t, { url: slapd.misnamed.ldapUrl }).checkPassword('ada', ada.password), untrusted)
    assert.deepEqual((await binds()).slice(from), [])
  })

  test('a server that wants TLS, asked in clear, is out of order and not a "no"', async (t) => {
    const directory = world(t, { startTls: false })
    await assert.rejects(directory.checkPassword('ada', ada.password), unreachable)
  })

  test('people whose names hold filter and DN characters sign in, each as nobody else', async (t) => {
    const directory = world(t)
    const uids = new Set<string | undefined>()
    for (const person of Object.values(slapdPeople).filter(({ uid }) => uid !== twin.uid)) {
      const check = await directory.checkPassword(person.uid, person.password)
      assert.ok(check.outcome === 'right', person.uid)
      assert.equal(check.person.username, person.uid)
      assert.equal(check.person.displayName, person.name)
      uids.add(check.person.uid)
    }
    assert.equal(uids.size, 9)
  })

  test('what would be a pattern in a filter is a name that nobody has', async (t) => {
    const directory = world(t)
    const patterns = [
      '*',
      'a*',
      'ad?',
      '*)(uid=*',
      'ada)(uid=*',
      '\\2a',
      '\\61da',
      'ada)(&',
      '(uid=ada)',
      'uid=ada',
      'ada\\',
    ]
    for (const name of patterns) {
      assert.deepEqual(await bare(directory.checkPassword(name, ada.password)), wrong('unknown'), name)
    }
  })

  test('names with control characters, too long, empty or not Unicode are nobody, without asking', async (t) => {
    const directory = world(t)
    const from = (await binds()).length
    for (const name of ['', ' ', 'ada\0', '\0', 'ada\n', 'ad\u0085a', '\ud800', 'a'.repeat(257)]) {
      assert.deepEqual(await bare(directory.checkPassword(name, ada.password)), wrong('unknown'), JSON.stringify(name))
    }
    assert.deepEqual((await binds()).slice(from), [])
  })

  test('one person however the name is typed', async (t) => {
    const directory = world(t)
    for (const [name, password] of [
      ['ADA', ada.password],
      [' ada ', ada.password],
      ['jo\u0308rg.mu\u0308ller', slapdPeople.umlaut.password],
    ] as const) {
      const check = await directory.checkPassword(name, password)
      assert.ok(check.outcome === 'right', name)
      assert.ok(['ada', 'jörg.müller'].includes(check.person.username))
    }
  })

  test('an empty or blank password is refused before any bind, though this directory would take it', async (t) => {
    assert.equal(await takesEmptyPasswords(), true, 'otherwise this proves nothing')
    const directory = world(t)
    const from = (await binds()).length
    for (const password of ['', ' ', '\t\n ', '\0', '\0\0', '\u00a0', '\u200b']) {
      assert.deepEqual(await bare(directory.checkPassword('ada', password)), wrong('empty'), JSON.stringify(password))
    }
    for (const password of [`${ada.password}\0`, `\0${ada.password}`, '\ud800']) {
      assert.deepEqual(
        await bare(directory.checkPassword('ada', password)),
        wrong('password'),
        JSON.stringify(password),
      )
    }
    assert.deepEqual((await binds()).slice(from), [])
  })

  test('an unknown name, two people of one name, and a wrong password cost the directory the same', async (t) => {
    const directory = world(t)
    await directory.checkPassword('ada', ada.password)
    const costs: Record<string, string[]> = {}
    for (const name of ['ada', 'nobody', 'twin']) {
      const from = (await operations()).length
      assert.equal((await directory.checkPassword(name, 'Guess-1')).outcome, 'wrong')
      costs[name] = (await operations()).slice(from)
    }
    assert.deepEqual(costs.ada, ['SRCH', 'STARTTLS', 'BIND'])
    assert.deepEqual(costs.nobody, costs.ada)
    assert.deepEqual(costs.twin, costs.ada)
  })

  test('one attempt is one failure for the directory, and a locked account is a "no" whose reason is told', async (t) => {
    const directory = world(t)
    assert.equal((await directory.checkPassword('lena', lena.password)).outcome, 'right')
    for (let failures = 0; failures < 2; failures++) await directory.checkPassword('lena', 'Guess-1')
    assert.equal((await directory.checkPassword('lena', lena.password)).outcome, 'right', 'two of three used')

    for (let failures = 0; failures < 3; failures++) await directory.checkPassword('lena', 'Guess-1')
    assert.deepEqual(await bare(directory.checkPassword('lena', lena.password)), wrong('locked'))
  })

  test('two people of one name are nobody, even with the right password', async (t) => {
    assert.deepEqual(await bare(world(t).checkPassword('twin', twin.password)), wrong('ambiguous'))
    const narrower = world(t, { baseDn: `ou=others,${slapd.baseDn}` })
    assert.equal((await narrower.checkPassword('twin', twin.password)).outcome, 'right')
  })

  test('the user filter keeps people out, and finds nobody that the name alone would not', async (t) => {
    const directory = world(t, { userFilter: '(|(mail=*@example.test)(uid=brackets))' })
    assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
    assert.equal((await directory.checkPassword('jörg.müller', slapdPeople.umlaut.password)).outcome, 'right')
    assert.deepEqual(await bare(directory.checkPassword('grace', grace.password)), wrong('unknown'))
  })

  test('an objectGUID is read as bytes and shown as hex, however it is spelt in the configuration', async (t) => {
    for (const uid of ['objectGUID', 'objectguid']) {
      const directory = world(t, { attributes: { ...usualAttributes, uid } })
      const check = await directory.checkPassword('grace', grace.password)
      assert.ok(check.outcome === 'right')
      assert.equal(check.person.uid, grace.guid)
    }
  })

  test('somebody without the id attribute cannot be told from others: to them the directory is out of order, and to a stranger nothing shows', async (t) => {
    const directory = world(t, { attributes: { ...usualAttributes, uid: 'employeeNumber' } })
    await assert.rejects(directory.checkPassword('ada', ada.password), { ...unreachable, message: /employeeNumber/ })
    for (const name of ['ada', 'nobody']) {
      const check = await directory.checkPassword(name, 'Guess-1')
      assert.equal(check.outcome, 'wrong', name)
    }
  })

  test('our own password being wrong is an outage, not a wrong password of theirs', async (t) => {
    const directory = world(t, { bindPassword: new Secret('not-it') })
    await assert.rejects(directory.checkPassword('ada', ada.password), { ...unreachable, message: /our own bind/ })
    await assert.rejects(directory.checkPassword('nobody', 'x'), unreachable)
  })

  test('a base that is not there is an outage', async (t) => {
    const directory = world(t, { baseDn: `ou=gone,${slapd.baseDn}` })
    await assert.rejects(directory.checkPassword('ada', ada.password), { ...unreachable, message: /ou=gone/ })
  })

  test('a stopped directory is unreachable, and one that is back works without us starting anew', async (t) => {
    const directory = world(t)
    assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
    await slapd.halt()
    try {
      await assert.rejects(directory.checkPassword('ada', ada.password), unreachable)
      await assert.rejects(directory.checkPassword('nobody', 'x'), unreachable)
    } finally {
      await slapd.start()
    }
    assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
  })

  test('a directory that was restarted between two sign-ins is not noticed', async (t) => {
    const directory = world(t)
    await directory.checkPassword('ada', ada.password)
    await slapd.halt()
    await slapd.start()
    assert.equal((await directory.checkPassword('ada', ada.password)).outcome, 'right')
  })

  test('the second server is asked where the first is down or not to be trusted', async (t) => {
    const dead = 'ldap://localhost:1'
    const down = world(t, { url: `${dead} ${slapd.ldapUrl}` })
    assert.equal((await down.checkPassword('ada', ada.password)).outcome, 'right')
    assert.deepEqual(await bare(down.checkPassword('ada', 'Guess-1')), wrong('password'))

    const misnamed = world(t, { url: [slapd.misnamed.ldapUrl, slapd.ldapsUrl] })
    assert.equal((await misnamed.checkPassword('ada', ada.password)).outcome, 'right')

    const neither = world(t, { url: [slapd.misnamed.ldapUrl, dead] })
    await assert.rejects(neither.checkPassword('ada', ada.password), untrusted)
  })

  test('forty people at once get each their own answer', async (t) => {
    const directory = world(t)
    const asked = Array.from({ length: 40 }, (_, i) => ({ name: i % 2 ? 'ada' : 'grace', right: i % 3 > 0 }))
    const checks = await Promise.all(
      asked.map(({ name, right }) =>
        directory.checkPassword(name, right ? slapdPeople[name as 'ada' | 'grace'].password : 'Guess-1'),
      ),
    )
    for (const [i, check] of checks.entries()) {
      const { name, right } = asked[i] ?? {}
      if (right) assert.ok(check.outcome === 'right' && check.person.username === name)
      else assert.deepEqual(check.outcome === 'wrong' && [check.why, check.whom?.username], ['password', name])
    }
  })

  /** What slapd was asked to do, in its own words; our visit to make it write is left out. */
  async function operations(): Promise<string[]> {
    return (await slapd.log()).flatMap(
      (line) => / op=\d+ (SRCH(?= base)|STARTTLS|BIND(?=.* method))/.exec(line)?.[1] ?? [],
    )
  }

  async function binds(): Promise<string[]> {
    return (await operations()).filter((operation) => operation === 'BIND')
  }

  async function takesEmptyPasswords(): Promise<boolean> {
    const client = new Client({ url: slapd.ldapsUrl, tlsOptions: { ca: slapd.ca } })
    try {
      await client.bind(`uid=ada,ou=people,${slapd.baseDn}`, '')
      return true
    } finally {
      await client.unbind()
    }
  }

  type Way = 'StartTLS' | 'LDAPS'

  function over(way: Way): Partial<LdapConfig> {
    return { url: urlOf(way, slapd), startTls: way === 'StartTLS' }
  }

  function urlOf(way: Way, { ldapUrl, ldapsUrl }: { ldapUrl: string; ldapsUrl: string }): string {
    return way === 'StartTLS' ? ldapUrl : ldapsUrl
  }

  const config = (changes?: Partial<LdapConfig>) => ldapConfigOf(slapd, changes)

  /** Our directory on that slapd, by StartTLS unless said otherwise. */
  function world(t: TestContext, changes: Partial<LdapConfig> = {}) {
    const silent = { info() {}, warn() {}, error() {} }
    const directory = ldapDirectory(config(changes), { log: silent, clock: systemClock })
    t.after(() => directory.close())
    return directory
  }
}
