import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { PresenceFilter, ProtocolOperation } from 'ldapts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { type LdapConfig, usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { connect } from '../../src/outbound/directory/ldap-connection.ts'
import { PAGES } from '../../src/outbound/directory/ldap-guard.ts'
import { inPages } from '../../src/outbound/directory/ldap-pages.ts'
import { systemClock } from '../../src/system.ts'
import { bare } from '../bare-check.ts'
import { found, result, type Script, scriptedLdap, tlv } from './scripted-ldap.ts'

const wrong = (why: string) => ({ outcome: 'wrong', why })
const unreachable = { name: 'AppError', code: 'directory.unreachable' }
const adaDn = 'uid=ada,dc=test'
/** What is asked whether it lives is given time to say so. */
const livesOnASlowMachine = { quick: 10_000, silent: 300, alive: 10_000 }
const adaEntry = { dn: adaDn, entryUUID: '7D12D92E-7C7D-1041-9529-D506551F91C4', uid: 'ada' }

describe('the LDAP directory, on servers that misbehave', () => {
  for (const way of ['in clear', 'StartTLS', 'LDAPS']) {
    test(`a server that accepts and says nothing is unreachable (${way})`, { timeout: 30_000 }, async (t) => {
      const { server } = await world(t, { bind: () => 'silence' })
      const url = way === 'LDAPS' ? server.url.replace('ldap:', 'ldaps:') : server.url
      const directory = open(t, { url, startTls: way === 'StartTLS', timeoutMs: 100 })
      await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    })
  }

  test('a server that says nothing is passed over for the next', { timeout: 30_000 }, async (t) => {
    const { server: mute } = await world(t, { bind: () => 'silence' })
    const { server } = await world(t)
    const directory = open(t, { url: [mute.url, server.url], timeoutMs: 700 })
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
  })

  test('a server that hangs costs a moment and not the whole time, and is then left alone', {
    timeout: 30_000,
  }, async (t) => {
    const { server: mute } = await world(t, { bind: () => 'silence' })
    const { server } = await world(t)
    const directory = open(t, { url: [mute.url, server.url], timeoutMs: 60_000 })
    for (let i = 0; i < 3; i++) assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.equal(mute.connections, 1)
  })

  test('of many servers that hang none is waited for beyond twice the time of one, and the next sign-in asks the rest', {
    timeout: 30_000,
  }, async (t) => {
    const mute: Awaited<ReturnType<typeof world>>[] = []
    for (let i = 0; i < 4; i++) mute.push(await world(t, { bind: () => 'silence' }))
    const { server } = await world(t)
    const url = [...mute.map((each) => each.server.url), server.url]
    const directory = open(t, { url, timeoutMs: 700 })
    await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    assert.equal(mute.at(-1)?.server.connections, 0)
    for (let i = 0; i < 2; i++) await directory.checkPassword('ada', 'right').catch(() => {})
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
  })

  test('of two servers, one that falls silent in a search is left for the other', { timeout: 30_000 }, async (t) => {
    let isSilent = false
    const { server: first } = await world(t, { search: () => (isSilent ? 'silence' : 0) })
    const { server: second } = await world(t)
    const directory = open(t, { url: [first.url, second.url], timeoutMs: 1_500 })
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    isSilent = true
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    const before = first.heard.length
    for (let i = 0; i < 2; i++) assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.equal(first.heard.length, before)
  })

  test('a search without an answer, or cut off, is unreachable', { timeout: 30_000 }, async (t) => {
    for (const answer of ['silence', 'hang up'] as const) {
      const { server } = await world(t, { search: () => answer })
      await assert.rejects(open(t, { url: server.url, timeoutMs: 1_500 }).checkPassword('ada', 'right'), unreachable)
      assert.deepEqual(server.heard, ['bind cn=us,dc=test', 'search'], 'a new connection is not worth a second try')
    }
  })

  test('a bind that gets no answer from a server that lives is not tried at another: it may have been counted', async (t) => {
    const { server: first } = await world(t, { bind: (dn) => (dn === adaDn ? 'silence' : 0) })
    const { server: second } = await world(t)
    const directory = open(t, { url: [first.url, second.url], timeoutMs: 1_000, patience: livesOnASlowMachine })
    await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    assert.equal(first.heard.filter((request) => request === `bind ${adaDn}`).length, 1)
    assert.ok(first.heard.filter((request) => request === 'search').length > 1, 'it was asked whether it lives')
    assert.deepEqual(second.heard, [])
  })

  test('many who wait for one server ask once whether it lives, and it may refuse to say', async (t) => {
    const allAsk = Promise.withResolvers<void>()
    let binds = 0
    const { server: first } = await world(t, {
      bind: (dn) => {
        if (dn !== adaDn) return 0
        if (++binds === 20) allAsk.resolve()
        return 'silence'
      },
      search: () => (binds === 20 ? 50 : 0),
    })
    const { server: second } = await world(t)
    const directory = open(t, { url: [first.url, second.url], timeoutMs: 2_400, patience: livesOnASlowMachine })
    const all = Promise.allSettled(Array.from({ length: 20 }, () => directory.checkPassword('ada', 'right')))
    await Promise.race([allAsk.promise, all])
    const before = first.heard.length
    for (const one of await all) assert.equal(one.status, 'rejected')
    const asked = first.heard.slice(before).filter((request) => request === 'search').length
    // Once in a while, where each of them would ask as often.
    assert.ok(asked > 0 && asked < 10, `${asked}`)
    assert.deepEqual(second.heard, [])
  })

  test('a server that breaks off in the middle of a bind has died: one other is asked, and no third', async (t) => {
    const dying = () => world(t, { bind: (dn) => (dn === adaDn ? 'hang up' : 0) })
    const [{ server: first }, { server: second }, { server: third }] = [await dying(), await world(t), await world(t)]
    const directory = open(t, { url: [first.url, second.url] })
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.deepEqual(second.heard, [`bind ${adaDn}`])

    const { server: another } = await dying()
    const both = open(t, { url: [first.url, another.url, third.url] })
    await assert.rejects(both.checkPassword('ada', 'right'), unreachable)
    assert.deepEqual(third.heard, [])
  })

  test('a server that says in the middle of a bind that it goes has died too', async (t) => {
    const goodBye = result(0, ProtocolOperation.LDAP_RES_EXTENSION, 52)
    const { server: first } = await world(t, { raw: ({ dn }) => (dn === adaDn ? [goodBye] : undefined) })
    const { server: second } = await world(t)
    const directory = open(t, { url: [first.url, second.url] })
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.deepEqual(second.heard, [`bind ${adaDn}`])
  })

  test('our own bind being refused is not tried at another server', async (t) => {
    const { server: first } = await world(t, { bind: () => 49 })
    const { server: second } = await world(t)
    await assert.rejects(open(t, { url: [first.url, second.url] }).checkPassword('ada', 'right'), unreachable)
    assert.deepEqual(first.heard, ['bind cn=us,dc=test'])
    assert.deepEqual(second.heard, [])
  })

  test('a connection that the server ended while it was idle is opened and bound again, once', async (t) => {
    let searching = true
    const { server, directory } = await world(t, { search: () => (searching ? 0 : 'hang up') })
    await directory.checkPassword('ada', 'right')
    await directory.checkPassword('ada', 'right')
    assert.equal(server.connections, 3, 'one for the searches, one for each password')

    await server.dropConnections()
    server.heard.length = 0
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.deepEqual(server.heard, ['bind cn=us,dc=test', 'search', `bind ${adaDn}`])

    searching = false
    server.heard.length = 0
    await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    assert.deepEqual(server.heard, ['search', 'bind cn=us,dc=test', 'search'])
  })

  test('a refused bind is a wrong password, unless the refusal is about the server', async (t) => {
    let code = 0
    const { directory } = await world(t, { bind: (dn) => (dn === adaDn ? code : 0) })
    for (code of [19, 32, 34, 48, 49, 50, 53]) {
      const why = new Map([
        [19, 'locked'],
        [53, 'locked'],
      ]).get(code)
      assert.deepEqual(await bare(directory.checkPassword('ada', 'x')), wrong(why ?? 'password'), `${code}`)
    }
    for (code of [1, 2, 3, 7, 8, 10, 13, 51, 52, 80]) {
      await assert.rejects(directory.checkPassword('ada', 'x'), unreachable, `${code}`)
    }
  })

  test('a bind as nobody that succeeds is still a "no"', async (t) => {
    const { server, directory } = await world(t, { entries: [] })
    assert.deepEqual(await bare(directory.checkPassword('ada', 'x')), wrong('unknown'))
    assert.match(server.heard.at(-1) ?? '', /^bind cn=nobody-[0-9a-f-]{36},dc=test$/)
  })

  test('an entry without a DN is not bound with', async (t) => {
    const { server, directory } = await world(t, { entries: [{ ...adaEntry, dn: '' }] })
    assert.deepEqual(await directory.checkPassword('ada', 'right'), wrong('unknown'))
    assert.match(server.heard.at(-1) ?? '', /^bind cn=nobody-/)
  })

  test('an entry without a name, an id, or with two ids is nobody, whose password only they are told of', async (t) => {
    for (const entry of [
      { dn: adaDn, uid: 'ada' },
      { ...adaEntry, entryUUID: ['a', 'b'] },
      { ...adaEntry, entryUUID: ' ' },
      { ...adaEntry, entryUUID: 'a\0b' },
      { ...adaEntry, entryUUID: 'x'.repeat(257) },
      { ...adaEntry, uid: [] },
    ]) {
      const { server, directory } = await world(t, { entries: [entry] })
      await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
      assert.deepEqual(server.heard, ['bind cn=us,dc=test', 'search', `bind ${adaDn}`])
    }
  })

  test('an entry of nine megabytes costs nobody else the connection, and its owner alone is told of an outage', async (t) => {
    const inLong = (tag: number, value: Buffer) => {
      const head = Buffer.from([tag, 0x84, 0, 0, 0, 0])
      head.writeUInt32BE(value.length, 2)
      return Buffer.concat([head, value])
    }
    const values = inLong(0x31, inLong(4, Buffer.alloc(9 * 1024 * 1024, 'x')))
    const list = inLong(0x30, inLong(0x30, Buffer.concat([tlv(4, Buffer.from('mail')), values])))
    const entry = inLong(ProtocolOperation.LDAP_RES_SEARCH_ENTRY, Buffer.concat([tlv(4, Buffer.from(adaDn)), list]))
    let isLong = true
    const { server, directory } = await world(t, {
      bind: () => 0,
      raw: ({ id, operation }) =>
        operation === ProtocolOperation.LDAP_REQ_SEARCH && isLong
          ? [
              inLong(0x30, Buffer.concat([tlv(2, Buffer.from([id])), entry])),
              result(id, ProtocolOperation.LDAP_RES_SEARCH, 0),
            ]
          : undefined,
    })
    for (let i = 0; i < 2; i++) await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    isLong = false
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.equal(server.heard.filter((request) => request === 'bind cn=us,dc=test').length, 1)
  })

  test('attributes are found however the server spells them, and a UUID is kept in lower case', async (t) => {
    const entry = { dn: adaDn, ENTRYUUID: adaEntry.entryUUID, UID: 'ada', Mail: ['', ' ada@x.test '], DisplayName: 'A' }
    const { directory } = await world(t, { entries: [entry] })
    assert.deepEqual(await directory.checkPassword('ADA', 'right'), {
      outcome: 'right',
      person: {
        uid: '7d12d92e-7c7d-1041-9529-d506551f91c4',
        username: 'ada',
        displayName: 'A',
        mail: 'ada@x.test',
        phone: undefined,
      },
    })
  })

  test('an answer about a password that is half, of another kind, or to another question lets nobody in', async (t) => {
    const success = (id: number, tag: number = ProtocolOperation.LDAP_RES_BIND) => result(id, tag, 0)
    const answers: Record<string, (id: number) => Buffer> = {
      'no result at all': (id) => tlv(0x30, tlv(2, Buffer.from([id])), tlv(0x61)),
      'a result of no bytes': (id) => tlv(0x30, tlv(2, Buffer.from([id])), tlv(0x61, tlv(10), tlv(4), tlv(4))),
      'the result alone': (id) => tlv(0x30, tlv(2, Buffer.from([id])), tlv(0x61, tlv(10, Buffer.from([0])))),
      'success at a search': (id) => success(id, ProtocolOperation.LDAP_RES_SEARCH),
      'success at an extension': (id) => success(id, ProtocolOperation.LDAP_RES_EXTENSION),
      'an entry': (id) => found(id, adaEntry),
      'to the next question': (id) => success(id + 1),
      'to the last question': (id) => success(id - 1),
      'a good-bye': () => success(0, ProtocolOperation.LDAP_RES_EXTENSION),
      'half of it': (id) => success(id).subarray(0, 9),
      'a length without end': () => Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 2, 1, 2]),
      'no length': () => Buffer.from([0x30, 0x80, 2, 1, 2]),
      'no LDAP': () => Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
    }
    for (const [what, make] of Object.entries(answers)) {
      const { server } = await world(t, { raw: ({ id, dn }) => (dn === adaDn ? [make(id)] : undefined) })
      const directory = open(t, { url: server.url, timeoutMs: 100 })
      await assert.rejects(directory.checkPassword('ada', 'right'), unreachable, what)
    }
  })

  test('an answer that comes byte by byte is an answer', async (t) => {
    const yes = (id: number) => [...result(id, ProtocolOperation.LDAP_RES_BIND, 0)].map((byte) => Buffer.from([byte]))
    const { directory } = await world(t, { raw: ({ id, dn }) => (dn === adaDn ? yes(id) : undefined) })
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
  })

  test('an entry that is out of form ends the connection, and nobody is looked for in it for ever', async (t) => {
    const id = (number: number) => tlv(2, Buffer.from([number]))
    const attribute = tlv(0x30, tlv(4, Buffer.from('uid')), Buffer.from([0x31, 0x7f, 4, 0]))
    const entries: ((number: number) => Buffer)[] = [
      (number) => tlv(0x30, id(number), tlv(0x64, tlv(4, Buffer.from(adaDn)), tlv(0x30, attribute))),
      (number) => tlv(0x30, id(number), tlv(0x64, tlv(4, Buffer.from(adaDn)))),
      (number) =>
        tlv(0x30, id(number), tlv(0x64, tlv(4, Buffer.from(adaDn)), tlv(0x30)), tlv(0xa0, Buffer.from([0x30, 9]))),
    ]
    for (const entry of entries) {
      const raw: Script['raw'] = ({ id, operation }) =>
        operation === ProtocolOperation.LDAP_REQ_SEARCH ? [entry(id)] : undefined
      const { directory } = await world(t, { raw })
      await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    }
  })

  test('referrals are not followed: a part of the tree is elsewhere, and its loops are too', async (t) => {
    const { server } = await world(t, { search: () => 10 })
    await assert.rejects(open(t, { url: server.url }).checkPassword('ada', 'right'), unreachable)

    const reference = (id: number) =>
      tlv(0x30, tlv(2, Buffer.from([id])), tlv(0x73, tlv(4, Buffer.from(`${server.url}/dc=test??sub`))))
    const { server: referring, directory } = await world(t, {
      raw: ({ id, operation }) =>
        operation === ProtocolOperation.LDAP_REQ_SEARCH
          ? [reference(id), reference(id), found(id, adaEntry), result(id, ProtocolOperation.LDAP_RES_SEARCH, 0)]
          : undefined,
    })
    const before = server.connections
    assert.equal((await directory.checkPassword('ada', 'right')).outcome, 'right')
    assert.deepEqual([server.connections - before, referring.connections], [0, 2])
  })

  test('a page without entries is not the last one, and pages that never end are given up', {
    timeout: 30_000,
  }, async (t) => {
    const control = (cookie: string) => {
      const value = tlv(0x30, tlv(2, Buffer.from([0])), tlv(4, Buffer.from(cookie)))
      return tlv(0xa0, tlv(0x30, tlv(4, Buffer.from(PAGES)), tlv(4, value)))
    }
    const end = (id: number, cookie: string) => {
      const core = tlv(ProtocolOperation.LDAP_RES_SEARCH, tlv(10, Buffer.from([0])), tlv(4), tlv(4))
      return tlv(0x30, tlv(2, Buffer.from([id])), core, control(cookie))
    }
    let pages: readonly (readonly [entries: number, cookie: string])[] = []
    let page = 0
    const { server } = await world(t, {
      raw: ({ id, operation }) => {
        if (operation !== ProtocolOperation.LDAP_REQ_SEARCH) return undefined
        const [entries, cookie] = pages[page++ % pages.length] ?? [0, '']
        return [...Array.from({ length: entries }, () => found(id, adaEntry)), end(id, cookie)]
      },
    })
    const count = async (given: typeof pages) => {
      pages = given
      page = 0
      const at = {
        url: server.url,
        host: '127.0.0.1',
        port: Number(new URL(server.url).port),
        security: 'loopback',
      } as const
      const connection = await connect(at, { timeoutMs: 10_000, connectMs: 10_000 })
      const wanted = { attributes: ['uid'], explicitBufferAttributes: [] }
      const question = { base: 'dc=test', filter: new PresenceFilter({ attribute: 'uid' }), wanted }
      let entries = 0
      try {
        const limits = { pageSize: 10, most: 100, mayRefer: false }
        for await (const some of inPages({ ...connection, server: at }, { ...question, ...limits }))
          entries += some.length
        return entries
      } finally {
        await connection.client.unbind()
      }
    }
    assert.equal(
      await count([
        [2, 'a'],
        [0, 'b'],
        [0, 'c'],
        [1, ''],
      ]),
      3,
    )
    await assert.rejects(count([[0, 'a']]), { ...unreachable, message: /the pages have no end/ })
    await assert.rejects(count([[2, 'a']]), { ...unreachable, message: /more than 100 entries/ })
  })

  test('answers in another order than the questions reach whoever asked', async (t) => {
    const waiting: number[] = []
    const { server } = await world(t, {
      raw: ({ id, operation }) => {
        if (operation !== ProtocolOperation.LDAP_REQ_SEARCH) return undefined
        if (waiting.push(id) < 2) return []
        return waiting
          .toReversed()
          .flatMap((each) => [
            found(each, { dn: `uid=${waiting.indexOf(each)},dc=test`, uid: 'x' }),
            result(each, ProtocolOperation.LDAP_RES_SEARCH, 0),
          ])
      },
    })
    const { host, port } = { host: '127.0.0.1', port: Number(new URL(server.url).port) }
    const at = { url: server.url, host, port, security: 'loopback' } as const
    const { client } = await connect(at, { timeoutMs: 10_000, connectMs: 10_000 })
    await client.bind('cn=us,dc=test', 'ours')
    const asked = [0, 1].map(() => client.search('dc=test', { scope: 'sub' }))
    const dns = (await Promise.all(asked)).map(({ searchEntries }) => searchEntries[0]?.dn)
    await client.unbind()
    assert.deepEqual(dns, ['uid=0,dc=test', 'uid=1,dc=test'])
  })

  test('a search that gets no answer keeps nobody else waiting', async (t) => {
    const asked = Promise.withResolvers<void>()
    let searches = 0
    const { server } = await world(t, {
      search: () => {
        asked.resolve()
        return searches++ === 0 ? 'silence' : 0
      },
    })
    const directory = open(t, { url: server.url, timeoutMs: 20_000 })
    let isOver = false
    const stuck = directory.checkPassword('ada', 'right').catch(() => {
      isOver = true
    })
    await asked.promise
    const others = Array.from({ length: 20 }, () => directory.checkPassword('ada', 'right'))
    for (const check of await Promise.all(others)) assert.equal(check.outcome, 'right')
    assert.equal(isOver, false)
    await directory.close()
    await stuck
  })

  test('more than can be asked at once wait, and more than may wait are told so at once', {
    timeout: 30_000,
  }, async (t) => {
    const { server } = await world(t, { bind: (dn) => (dn === adaDn ? 'silence' : 0) })
    const directory = open(t, { url: server.url, timeoutMs: 20_000 })
    const all = Array.from({ length: 260 }, () => directory.checkPassword('ada', 'right'))
    await assert.rejects(Promise.race(all), { name: 'AppError', code: 'queue.full' })
    assert.ok(server.heard.filter((request) => request === `bind ${adaDn}`).length <= 48)
    await server.close()
    for (const one of await Promise.allSettled(all)) assert.equal(one.status, 'rejected')
  })

  test('after StartTLS is refused, or answered with something else, nothing follows in clear', async (t) => {
    const refused = result(1, ProtocolOperation.LDAP_RES_EXTENSION, 2)
    const another = result(1, ProtocolOperation.LDAP_RES_BIND, 0)
    for (const startTls of [refused, another, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]) {
      const { server } = await world(t, { startTls })
      await assert.rejects(open(t, { url: server.url, startTls: true }).checkPassword('ada', 'right'), unreachable)
      assert.deepEqual(server.heard, ['starttls'])
    }
  })

  test('words slipped in behind the answer to StartTLS are refused', async (t) => {
    const yes = result(1, ProtocolOperation.LDAP_RES_EXTENSION, 0)
    const forged = result(2, ProtocolOperation.LDAP_RES_BIND, 0)
    for (const slipped of [forged, forged.subarray(0, -1)]) {
      const { server } = await world(t, { startTls: Buffer.concat([yes, slipped]) })
      const directory = open(t, { url: server.url, startTls: true })
      await assert.rejects(directory.checkPassword('ada', 'x'), { ...unreachable, message: /more in clear/ })
    }
  })

  test('no error shows a password', async (t) => {
    const { server } = await world(t, { bind: (dn) => (dn === adaDn ? 52 : 0) })
    const { server: strict } = await world(t, { bind: () => 49 })
    for (const url of [server.url, strict.url]) {
      const error = await open(t, { url })
        .checkPassword('ada', 'canary-theirs')
        .catch((error: unknown) => error)
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /canary/)
    }
  })

  test('after closing, nothing is opened any more', async (t) => {
    const { server, directory } = await world(t)
    await directory.checkPassword('ada', 'right')
    await directory.close()
    await assert.rejects(directory.checkPassword('ada', 'right'), unreachable)
    assert.equal(server.connections, 2)
  })
})

describe('the configuration of the LDAP directory', () => {
  const refused = (changes: Partial<LdapConfig>) => () =>
    ldapDirectory(config(changes), { log: silent, clock: systemClock })
  const mistake = (message: RegExp) => ({ name: 'AppError', code: 'config.wrong', message })

  test('passwords go in clear to this machine only', () => {
    for (const url of [
      'ldap://directory.test',
      'ldap://10.0.0.1:389',
      'ldap://[2001:db8::1]',
      'ldap://127.0.0.1.test',
    ]) {
      assert.throws(refused({ url }), mistake(/in clear/), url)
      assert.doesNotThrow(refused({ url, startTls: true }), url)
      assert.doesNotThrow(refused({ url: url.replace('ldap:', 'ldaps:') }), url)
    }
    for (const url of ['ldap://localhost', 'ldap://127.0.0.9:1389', 'ldap://[::1]'])
      assert.doesNotThrow(refused({ url }))
    assert.throws(refused({ url: 'ldaps://a.test ldap://b.test' }), mistake(/b\.test/), 'one of several')
  })

  test('every mistake is named, and all at once', () => {
    const cases: [Partial<LdapConfig>, RegExp][] = [
      [{ url: '' }, /no directory URL/],
      [{ url: 'http://a.test' }, /neither ldap/],
      [{ url: 'a.test' }, /not a URL/],
      [{ url: 'ldaps://a.test/dc=test' }, /more than a host/],
      [{ userFilter: '(uid=a' }, /user filter/],
      [{ ca: 'not a certificate' }, /CA/],
      [{ attributes: { ...usualAttributes, mail: '*' } }, /attribute for mail/],
      [{ attributes: { ...usualAttributes, uid: 'distinguishedName' } }, /a DN changes/],
      [{ baseDn: ' ' }, /base DN/],
      [{ bindDn: '' }, /bind DN/],
      [{ bindPassword: new Secret('') }, /bind DN/],
      [{ timeoutMs: 0 }, /timeout/],
    ]
    for (const [changes, message] of cases) assert.throws(refused(changes), mistake(message))
    assert.throws(refused({ baseDn: '', ca: 'x' }), mistake(/CA.*base DN/))
  })
})

const silent = { info() {}, warn() {}, error() {} }

function config(changes: Partial<LdapConfig>): LdapConfig {
  return {
    url: 'ldap://127.0.0.1:1',
    startTls: false,
    bindDn: 'cn=us,dc=test',
    bindPassword: new Secret('canary-ours'),
    baseDn: 'dc=test',
    attributes: usualAttributes,
    timeoutMs: 10_000,
    ...changes,
  }
}

function open(t: TestContext, changes: Partial<LdapConfig>) {
  const directory = ldapDirectory(config(changes), { log: silent, clock: systemClock })
  t.after(() => directory.close())
  return directory
}

/** A server that knows Ada and takes any password, as far as the script does not say otherwise. */
async function world(t: TestContext, script: Script = {}) {
  const server = await scriptedLdap({ entries: [adaEntry], ...script })
  t.after(() => server.close())
  return { server, directory: open(t, { url: server.url }) }
}
