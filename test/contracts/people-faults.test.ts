import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, before, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import type { Log } from '../../src/core/ports.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import type { PeopleSource, SourcePerson } from '../../src/core/sync/source.ts'
import { usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import type { PeopleConfig } from '../../src/outbound/directory/people-config.ts'
import { peopleSource } from '../../src/outbound/directory/people-source.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { silent } from '../engine.ts'
import { ldapConfigOf } from '../ldap-config.ts'

const attributes: PeopleConfig['attributes'] = {
  ...{ firstName: 'givenName', lastName: 'sn', description: 'description' },
  phones: { mobile: 'mobile' },
}

if (slapdIsInstalled()) describe('people of a directory that misbehaves', misbehaving)
else test.skip('people of a directory that misbehaves: slapd is not installed', () => {})

function misbehaving() {
  let slapd: SlapdHost
  before(async () => {
    const long = 'x'.repeat(2_000_000)
    const descriptions = (many: number) => Array.from({ length: many }, (_, i) => `description: ${i}${long}`)
    const people = Array.from({ length: 40 }, (_, i) =>
      inetOrgPerson(`m${i}`, i === 20 ? descriptions(1) : i === 21 ? descriptions(5) : []),
    )
    const heavy = Array.from({ length: 7 }, (_, i) => inetOrgPerson(`h${i}`, i < 5 ? descriptions(4) : []))
    slapd = await startSlapd({ more: [...people, ...heavy, ...referrals()].join('\n') })
  })
  after(() => slapd?.stop())

  function open(t: TestContext, url: string, changes: Partial<PeopleConfig> = {}, log: Log = silent): PeopleSource {
    const config = {
      from: fromIds(slapd, usualAttributes.uid, { url }),
      attributes,
      filters: {},
      pageSize: 5,
      most: 10_000,
      pageMs: 30_000,
      ...changes,
    }
    const source = peopleSource(config, { log, clock: systemClock, random: systemRandom })
    t.after(() => source.close())
    return source
  }
  const scope = () => ({ base: `ou=people,${slapd.baseDn}`, filter: '(uid=m*)' })

  test('two megabytes of description are left out, and whoever they belong to is there', async (t) => {
    const people: SourcePerson[] = []
    await open(t, slapd.ldapsUrl).read(scope(), undefined, async (page) => void people.push(...page))
    assert.equal(people.length, 39)
    const long = people.find(({ username }) => username === 'm20')
    assert.ok(long && long.description === undefined)
  })

  test('an entry of ten megabytes is told by its name, its person is there, and everybody else is read', async (t) => {
    const told: unknown[] = []
    const log = { ...silent, warn: (what: string, about?: object) => void told.push({ what, ...about }) }
    const source = open(t, slapd.ldapsUrl, {}, log)
    const people: SourcePerson[] = []
    const { present, whole, cursor } = await source.read(scope(), undefined, async (page) => void people.push(...page))
    assert.deepEqual([present.size, people.length, whole], [40, 39, true])
    assert.ok(cursor)
    const dn = `uid=m21,ou=people,${slapd.baseDn}`
    assert.deepEqual(
      told.filter((one) => JSON.stringify(one).includes('m21')),
      [{ what: 'an entry of the directory is too long and was left out', dn }],
    )
    const known = new Set(people.map(({ uid }) => uid))
    const [longest = ''] = [...present].filter((uid) => !known.has(uid))
    const others = people.slice(0, 3).map(({ uid }) => uid)
    const fetched = await source.fetch([longest, ...others], scope().base)
    assert.deepEqual(new Set(fetched.map(({ uid }) => uid)), new Set(others))
  })

  test('forty megabytes on one page are read, the last of them one by one', async (t) => {
    const pages: number[] = []
    const heavy = { ...scope(), filter: '(uid=h*)' }
    const source = open(t, slapd.ldapsUrl, { pageMs: 30_000 })
    const { present, whole, cursor } = await source.read(heavy, undefined, async (page) => void pages.push(page.length))
    assert.deepEqual([present.size, whole], [7, true])
    assert.ok(cursor)
    assert.deepEqual(pages, [3, 1, 1, 2])
  })

  test('a server that dies at the third page has told nothing of who is gone', async (t) => {
    const proxy = await meddling(new URL(slapd.ldapsUrl), 12_000, (client) => client.destroy())
    t.after(() => proxy.close())
    let pages = 0
    const reading = open(t, `ldaps://localhost:${proxy.port}`).read(scope(), undefined, async () => void pages++)
    await assert.rejects(reading, { code: 'directory.unreachable' })
    assert.ok(pages > 0 && pages < 8, `${pages} pages`)
  })

  test('a page has a time of its own, longer than a sign-in has: some servers find everybody before they give the first', async (t) => {
    const readSlowly = async (pageMs: number) => {
      let held: Promise<unknown> | undefined
      const proxy = await meddling(new URL(slapd.ldapsUrl), 12_000, (client, bytes) => {
        // Once, for longer than `timeoutMs`; what follows keeps its place.
        held = (held ?? sleep(2_500)).then(() => client.write(bytes))
      })
      t.after(() => proxy.close())
      const url = `ldaps://localhost:${proxy.port}`
      const from = fromIds(slapd, usualAttributes.uid, { url, timeoutMs: 2_000 })
      const { present } = await open(t, url, { from, pageMs }).read(scope(), undefined, async () => {})
      return present.size
    }
    assert.equal(await readSlowly(20_000), 40)
    await assert.rejects(readSlowly(1_000), { code: 'directory.unreachable' })
  })

  test('a domain below, which another server has, is told of once; the parts without people are not', async (t) => {
    const told: unknown[] = []
    const log: Log = { ...silent, warn: (message, facts) => void told.push({ message, part: facts?.part }) }
    const { ca, bindDn, bindPassword, baseDn, ldapsUrl } = slapd
    const windows = {
      ...{ domain: 'example.test', netbios: 'EXAMPLE', controllers: [new URL(ldapsUrl).host], trusted: [], dns: [] },
      ...{ security: 'ldaps' as const, ca, account: bindDn, password: new Secret(bindPassword) },
      ...{ username: 'upn' as const, changePasswords: false, timeoutMs: 30_000 },
    }
    const filters = { person: '(uid=nobody-at-all)' }
    const source = open(t, ldapsUrl, { from: { kind: 'windows', windows }, filters }, log)
    assert.equal((await source.read({ base: baseDn }, undefined, async () => {})).present.size, 0)
    assert.deepEqual(told, [
      {
        message: 'a part of the directory is on another server, and people there are not read',
        part: 'dc=child,dc=example,dc=test',
      },
    ])
  })

  test('an id that two have, or that somebody lacks, is told, and does not stand for both', async (t) => {
    const people: SourcePerson[] = []
    const twice = open(t, slapd.ldapsUrl, { from: fromIds(slapd, 'sn') })
    const { present } = await twice.read(scope(), undefined, async (page) => void people.push(...page))
    assert.equal(people.length, 1)
    assert.equal(present.size, 1)
    const none = open(t, slapd.ldapsUrl, { from: fromIds(slapd, 'employeeNumber') })
    const reading = await none.read(scope(), undefined, async (page) => void people.push(...page))
    assert.equal(reading.present.size, 0)
    assert.equal(people.length, 1)
  })
}

/** As a domain refers to what other servers have: parts that hold no people, and a child domain. */
function referrals(): string[] {
  const parts = ['CN=Configuration', 'DC=DomainDnsZones', 'DC=ForestDnsZones', 'DC=child', 'DC=child']
  return parts.map((part, i) =>
    [
      `dn: cn=part${i},dc=example,dc=test`,
      ...['objectClass: referral', 'objectClass: extensibleObject', `cn: part${i}`],
      `ref: ldap://server${i}.example.test/${part},DC=example,DC=test`,
      '',
    ].join('\n'),
  )
}

function fromIds(
  slapd: SlapdHost,
  uid: string,
  { url = slapd.ldapsUrl, timeoutMs = 30_000 } = {},
): PeopleConfig['from'] {
  const names = { ...usualAttributes, uid }
  return { kind: 'ldap', ldap: ldapConfigOf(slapd, { url, startTls: false, attributes: names, timeoutMs }) }
}

function inetOrgPerson(name: string, more: string[]): string {
  const lines = ['objectClass: inetOrgPerson', `uid: ${name}`, `cn: ${name}`, 'sn: Same', ...more, '']
  return [`dn: uid=${name},ou=people,dc=example,dc=test`, ...lines].join('\n')
}

/** Passes on so many bytes of the server's, and then does what it is told with what follows. */
async function meddling(
  { hostname, port }: URL,
  most: number,
  then: (client: Socket, bytes: Buffer) => void,
): Promise<{ port: number; close(): void }> {
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let passed = 0
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.pipe(upstream)
    upstream.on('data', (bytes) => {
      passed += bytes.length
      if (passed > most) then(client, bytes)
      else client.write(bytes)
    })
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
