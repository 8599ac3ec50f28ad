import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import { type FreeRadiusHost, startFreeRadius } from '../../dev/hosts/freeradius.ts'
import { AppError } from '../../src/core/errors.ts'
import type { Log } from '../../src/core/ports.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { testRadius } from '../../src/outbound/directory/radius-diagnosis.ts'
import { valuesOf } from '../../src/protocols/radius/attributes.ts'
import { radiusCode } from '../../src/protocols/radius/packet.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { answerTo } from '../radius-answer.ts'
import { madeTls } from '../sdk.ts'
import { isUnreachable, packetOf, radiusConfigOf, radiusDirectoryAt, until } from './radius-world.ts'

const wrong = { outcome: 'wrong', why: 'password' }

describe('RADIUS over TLS, at FreeRADIUS', () => {
  let host: FreeRadiusHost
  before(async () => {
    host = await startFreeRadius({ tls: true })
  })
  after(() => host?.stop())

  for (const method of ['pap', 'ms-chap-v2'] as const) {
    test(`${method}: one after the other on one connection, and at once on a few, each with its own answer`, async () => {
      const wire = await between()
      const directory = world({ ports: [wire.port], method })
      const password = (i: number) => (i % 2 ? 'wrong' : host.people.alice)
      for (let i = 0; i < 10; i++)
        assert.equal((await directory.checkPassword('alice', password(i))).outcome, i % 2 ? 'wrong' : 'right')
      assert.equal(wire.count(), 1)

      for (let round = 0; round < 5; round++) {
        const checks = await Promise.all([0, 1, 2, 3].map((i) => directory.checkPassword('alice', password(i))))
        assert.deepEqual(
          checks.map(({ outcome }) => outcome),
          ['right', 'wrong', 'right', 'wrong'],
        )
      }
      assert.ok(wire.count() <= 4, `${wire.count()}`)
    })
  }

  test('a challenge is answered over it', async () => {
    const directory = world()
    const asked = await directory.checkPassword('carol', host.people.carol)
    assert.ok(asked.outcome === 'challenged')
    const [, code = ''] = /\((\d{6})\)/.exec(asked.challenge.message) ?? []
    assert.equal((await directory.answerChallenge?.(asked.challenge.state, code))?.outcome, 'right')
    assert.deepEqual(await directory.answerChallenge?.(asked.challenge.state, code), wrong)
  })

  test('a connection that was cut while it was idle, or in the middle of an answer, is opened again', async () => {
    const wire = await between()
    const directory = world({ ports: [wire.port] })
    const isRight = async () => (await directory.checkPassword('alice', host.people.alice)).outcome === 'right'
    assert.ok(await isRight())
    wire.cut()
    assert.ok(await isRight())
    wire.cutAtNextAnswer()
    assert.ok(await isRight())
    assert.equal(wire.count(), 3)
  })

  test('one that says nothing any more is an outage, and is not waited for twice', async () => {
    const wire = await between()
    const directory = world({ ports: [wire.port], firstWait: 500, sendings: 2 })
    assert.equal((await directory.checkPassword('alice', host.people.alice)).outcome, 'right')
    wire.silence()
    await assert.rejects(directory.checkPassword('alice', host.people.alice), isUnreachable)
    wire.speak()
    assert.equal((await directory.checkPassword('alice', host.people.alice)).outcome, 'right')
    assert.equal(wire.count(), 2)
  })

  test('one that falls silent while nobody waits is passed over by Status-Server, on the connection that is kept and on a new one', async () => {
    const [wire, { lines, log }] = [await between(), listening()]
    const ports = [wire.port, host.radsec?.port ?? assert.fail('no TLS')]
    let directory = world()
    const isRight = async () => (await directory.checkPassword('alice', host.people.alice)).outcome === 'right'
    const isLearned = () => lines.some((line) => line.includes('answers Status-Server'))
    await until(async () => {
      directory = world({ ports, firstWait: 60_000, restMs: 0 }, log)
      assert.ok(await isRight())
      // It is asked once by each directory.
      for (let i = 0; i < 100 && !isLearned(); i++) await wait(20)
      return isLearned()
    })
    wire.silence()
    const before = wire.count()
    assert.ok(await isRight())
    assert.equal(wire.count(), before)
    assert.ok(await isRight())
    assert.equal(wire.count(), before + 1)
    assert.ok(lines.every((line) => !line.includes('did not answer') || line.includes('Status-Server')))
  })

  test('a certificate of another CA, or for another name, hears no password; the next server is asked', async (t) => {
    // Somebody may have set it for another program's sake.
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    t.after(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    })
    const stranger = await stranded()
    const { radsec } = host
    assert.ok(radsec)
    const untrusted = (error: unknown) => error instanceof AppError && error.code === 'directory.untrusted'
    const alone = world({ ports: [stranger.port] })
    await assert.rejects(alone.checkPassword('alice', host.people.alice), untrusted)
    const misnamed = world({ ports: [stranger.port], tls: { ca: stranger.ca } })
    await assert.rejects(misnamed.checkPassword('alice', host.people.alice), untrusted)
    assert.equal(stranger.bytes(), 0)

    const both = world({ ports: [stranger.port, radsec.port] })
    assert.equal((await both.checkPassword('alice', host.people.alice)).outcome, 'right')
  })

  test('without our certificate the server ends it, and the test of the directory says so', async () => {
    const { radsec } = host
    assert.ok(radsec)
    const about = async (tls: object) => {
      const config = radiusConfigOf({ ...usual(), ports: [radsec.port], tls })
      const [finding] = await testRadius(config, { random: systemRandom, clock: systemClock })
      return `${finding?.ok} ${finding?.detail}`
    }
    assert.match(await about({ ca: radsec.ca }), /^false the server closed the connection: .*certificate of ours/)
    assert.match(await about({ cert: radsec.cert, key: new Secret(radsec.key) }), /^false .*certificate is not trusted/)
    assert.match(await about(tlsOf()), /^true /)
  })

  test('what is no RADIUS packet ends the connection, and an answer for nobody is dropped', async () => {
    const { lines, log } = listening()
    const { radsec } = host
    assert.ok(radsec)
    for (const [bytes, reason] of [
      [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /a length of/],
      [Buffer.concat([Buffer.from([2, 99, 0, 20]), Buffer.alloc(16)]), /no request that waits|authenticator/],
    ] as const) {
      const tls = madeTls()
      const liar = createTlsServer(tls, (socket) => void socket.on('data', () => socket.write(bytes)))
      liar.listen(0, '127.0.0.1')
      await once(liar, 'listening')
      after(() => liar.close())
      const { port } = liar.address() as AddressInfo
      const directory = radiusDirectoryAt({ ...usual(), ports: [port], tls: { ca: tls.cert }, firstWait: 300 }, log)
      await assert.rejects(directory.checkPassword('alice', 'x'), isUnreachable)
      assert.match(lines.splice(0).join('\n'), reason)
    }
  })

  function tlsOf() {
    const { radsec } = host
    assert.ok(radsec)
    return { ca: radsec.ca, cert: radsec.cert, key: new Secret(radsec.key) }
  }

  function usual() {
    return { secret: 'radsec', firstWait: 1_000, sendings: 2 }
  }

  function world(options: Parameters<typeof radiusDirectoryAt>[0] = {}, log?: Log) {
    const port = host.radsec?.port ?? assert.fail('no TLS')
    return radiusDirectoryAt({ ...usual(), tls: tlsOf(), ports: [port], ...options }, log)
  }

  function listening() {
    const lines: string[] = []
    const note = (...line: unknown[]) => void lines.push(JSON.stringify(line))
    return { lines, log: { info: note, warn: note, error: note } satisfies Log }
  }

  /** A wire to FreeRADIUS that can be cut, or fall silent. */
  async function between() {
    const target = host.radsec?.port ?? assert.fail('no TLS')
    const ends: Socket[] = []
    let count = 0
    let isSilent = false
    let cutsAtAnswer = false
    const server = createServer((front) => {
      count++
      const back = connect(target, '127.0.0.1')
      ends.push(front, back)
      for (const end of [front, back]) end.on('error', () => {})
      front.on('close', () => back.destroy()).on('data', (bytes) => void back.write(bytes))
      back.on('close', () => front.destroy())
      back.on('data', (bytes) => {
        if (cutsAtAnswer) cut()
        else if (!isSilent) front.write(bytes)
        cutsAtAnswer = false
      })
    })
    const cut = () => {
      for (const end of ends.splice(0)) end.destroy()
    }
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    after(() => {
      cut()
      server.close()
    })
    return {
      port: (server.address() as AddressInfo).port,
      count: () => count,
      cut,
      cutAtNextAnswer: () => {
        cutsAtAnswer = true
      },
      silence: () => {
        isSilent = true
      },
      speak: () => {
        isSilent = false
      },
    }
  }
})

test('requests that share a connection get their own answers, in whatever order they come', async () => {
  const tls = madeTls()
  const held: (() => void)[] = []
  let connections = 0
  const server = createTlsServer(tls, (socket) => {
    connections++
    socket.on('error', () => {})
    let unread = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes])
      while (unread.length >= 20 && unread.length >= unread.readUInt16BE(2)) {
        const packet = packetOf(unread)
        unread = unread.subarray(unread.readUInt16BE(2))
        const isAnn = valuesOf(packet.attributes, 'userName').some((name) => String(name) === 'ann')
        const code = isAnn ? radiusCode.accessAccept : radiusCode.accessReject
        held.push(() => socket.write(answerTo(packet, [], { mac: 'none', code })))
      }
      if (held.length === 60) for (const answer of held.reverse()) answer()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const { port } = server.address() as AddressInfo
  const directory = radiusDirectoryAt({ ports: [port], tls: { ca: tls.cert }, firstWait: 10_000 })
  const names = Array.from({ length: 60 }, (_, i) => (i % 2 ? 'ann' : 'bob'))
  const checks = await Promise.all(names.map((name) => directory.checkPassword(name, 'x')))
  assert.deepEqual(
    checks.map(({ outcome }) => outcome),
    names.map((name) => (name === 'ann' ? 'right' : 'wrong')),
  )
  assert.ok(connections >= 1 && connections <= 4, `${connections}`)
})

/** Somebody else's server, who counts what it hears after the handshake. */
async function stranded() {
  let bytes = 0
  const tls = madeTls(['elsewhere.example'])
  const server = createTlsServer(tls, (socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      bytes += data.length
    })
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  return { port: (server.address() as AddressInfo).port, ca: tls.cert, bytes: () => bytes }
}
