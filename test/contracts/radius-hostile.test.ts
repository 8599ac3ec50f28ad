import assert from 'node:assert/strict'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { describe, test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { attribute } from '../../src/protocols/radius/attributes.ts'
import { type RadiusPacket, radiusCode } from '../../src/protocols/radius/packet.ts'
import { answerTo } from '../radius-answer.ts'
import { isUnreachable, packetOf, radiusClient, radiusPeer, silentPort } from './radius-world.ts'

type Forge = (request: RadiusPacket, send: (bytes: Uint8Array) => void) => void

describe('a datagram that is no answer is dropped and logged, and the answer after it is taken', () => {
  const accept = (request: RadiusPacket) => answerTo(request, [], { mac: 'right' })
  const other = (request: RadiusPacket) => ({ ...request, identifier: (request.identifier + 1) % 256 })
  const cases: [what: string, logged: RegExp, forge: Forge][] = [
    ['nothing at all', /a datagram of 0 bytes/, (_, send) => send(Buffer.alloc(0))],
    ['garbage', /a length of/, (_, send) => send(Buffer.alloc(5_000, 0xa5))],
    ['truncated', /\d+ bytes of \d+/, (request, send) => send(accept(request).subarray(0, -1))],
    ['another identifier', /another identifier/, (request, send) => send(accept(other(request)))],
    ['made for another request', /response authenticator/, (request, send) => send(accept(ofAnother(request)))],
    ['a wrong response authenticator', /response authenticator/, (request, send) => send(flipped(accept(request), 4))],
    ['made of a reject', /response authenticator/, (request, send) => send(madeOfReject(request))],
    ['no Message-Authenticator', /no Message-Auth/, (request, send) => send(answerTo(request, [], { mac: 'none' }))],
    ['a wrong Message-Authenticator', /wrong Mess/, (request, send) => send(answerTo(request, [], { mac: 'wrong' }))],
    [
      'our request sent back',
      /code 1, which is no answer/,
      (request, send) => send(answerTo(request, [], { mac: 'right', code: 1 })),
    ],
  ]
  for (const [what, logged, forge] of cases) {
    test(what, async () => {
      const { check, lines } = await between(forge)
      assert.deepEqual(await check('alice', 'password'), { outcome: 'wrong', why: 'password' })
      assert.match(lines.join('\n'), logged)
    })
  }

  test('the right bytes from another port', async () => {
    const stranger = createSocket('udp4').unref()
    const peer = await radiusPeer((request, from, socket) => {
      const packet = packetOf(request)
      stranger.send(accept(packet), from.port, from.address, () => {
        socket.send(reject(packet), from.port, from.address)
      })
    })
    const { check, lines } = radiusClient({ ports: [peer.port] })
    assert.deepEqual(await check('alice', 'password'), { outcome: 'wrong', why: 'password' })
    assert.match(lines.join('\n'), /from 127\.0\.0\.1:\d+/)
    stranger.close()
  })

  test('a flood of them is a few lines', async () => {
    const { check, lines } = await between((_, send) => {
      for (let i = 0; i < 50; i++) send(Buffer.from('x'))
    })
    assert.deepEqual(await check('alice', 'password'), { outcome: 'wrong', why: 'password' })
    const dropped = lines.filter((line) => line.includes('dropped'))
    assert.ok(dropped.length <= 5, `${dropped.length} lines`)
  })
})

describe('answers out of time', () => {
  test('one that comes after a repetition counts, and one that comes twice counts once', async () => {
    const peer = await radiusPeer((request, from, socket, count) => {
      if (count < 2) return
      const bytes = reject(packetOf(request))
      socket.send(bytes, from.port, from.address)
      socket.send(bytes, from.port, from.address)
    })
    const { check } = radiusClient({ ports: [peer.port], firstWait: 50 })
    assert.equal((await check('alice', 'password')).outcome, 'wrong')
    assert.deepEqual(peer.heard[0], peer.heard[1])
  })

  test('one for an earlier request is not taken for a later one', async () => {
    let first: Buffer | undefined
    const peer = await radiusPeer((request, from, socket) => {
      const packet = packetOf(request)
      first ??= answerTo(packet, [], { mac: 'right' })
      const late = Buffer.from(first)
      late[1] = packet.identifier
      socket.send(peer.heard.length === 1 ? reject(packet) : late, from.port, from.address)
    })
    const { check, lines } = radiusClient({ ports: [peer.port], firstWait: 1_500, sendings: 1 })
    assert.equal((await check('alice', 'password')).outcome, 'wrong')
    await assert.rejects(check('alice', 'password'), isUnreachable)
    assert.match(lines.join('\n'), /response authenticator/)
  })
})

describe('what is asked', () => {
  test('each request has a port, an identifier and an authenticator of its own', async () => {
    const peer = await radiusPeer((request, from, socket) => {
      socket.send(reject(packetOf(request)), from.port, from.address)
    })
    const { check } = radiusClient({ ports: [peer.port], mostOutstanding: 64 })
    await Promise.all(Array.from({ length: 64 }, () => check('alice', 'password')))
    const packets = peer.heard.map(packetOf)
    const distinct = (values: readonly unknown[]) => new Set(values).size
    assert.equal(distinct(packets.map(({ authenticator }) => Buffer.from(authenticator).toString('hex'))), 64)
    assert.ok(distinct(packets.map(({ identifier }) => identifier)) > 30)
    assert.ok(distinct(peer.from.map(({ port }) => port)) > 60)
    const steps = packets.map(({ identifier }, i) => identifier - (packets[i - 1]?.identifier ?? 0))
    assert.ok(distinct(steps) > 20, 'identifiers do not count')
  })

  test('empty passwords, and what a packet cannot hold, are refused without asking', async () => {
    const peer = await silentPort()
    for (const method of ['pap', 'ms-chap-v2'] as const) {
      const { check } = radiusClient({ ports: [peer.port], method })
      for (const password of ['', ' \t', '\0']) {
        assert.deepEqual(await check('alice', password), { outcome: 'wrong', why: 'empty' })
      }
      const tooLong = { pap: 'ü'.repeat(65), 'ms-chap-v2': 'x'.repeat(257) }[method]
      for (const password of ['a\0b', tooLong, '\ud800']) {
        assert.deepEqual(await check('alice', password), { outcome: 'wrong', why: 'password' })
      }
      for (const username of ['', 'a\nb', 'x'.repeat(254)]) {
        assert.deepEqual(await check(username, 'password'), { outcome: 'wrong', why: 'unknown' })
      }
    }
    assert.equal(peer.heard.length, 0)
  })

  test('more than the bound at once is refused, and a signal ends the wait and frees the place', async () => {
    const peer = await silentPort()
    const { check } = radiusClient({ ports: [peer.port], mostOutstanding: 1, firstWait: 60_000 })
    const leaving = new AbortController()
    const waiting = assert.rejects(check('alice', 'password', { signal: leaving.signal }), /gone home/)
    const second = check('bob', 'password', { signal: leaving.signal })
    setTimeout(() => leaving.abort(new Error('gone home')), 200)
    await assert.rejects(second, (error) => error instanceof AppError && error.code === 'queue.full')
    await waiting
    await assert.rejects(check('alice', 'password', { signal: leaving.signal }), /gone home/)
  })
})

describe('answers that are authentic and of no use', () => {
  test('an acceptance of MS-CHAP without proof of the password is an outage, not a yes', async () => {
    const peer = await radiusPeer((request, from, socket) => {
      socket.send(answerTo(packetOf(request), [], { mac: 'right' }), from.port, from.address)
    })
    const { check } = radiusClient({ ports: [peer.port], method: 'ms-chap-v2' })
    await assert.rejects(check('alice', 'password'), isUnreachable)
  })

  test('a challenge of EAP is an outage: no person could answer it', async () => {
    const challenge = { mac: 'right', code: radiusCode.accessChallenge } as const
    const peer = await radiusPeer((request, from, socket) => {
      const attributes = [attribute('state', 's'), attribute('eapMessage', Buffer.from([1, 1, 0, 6, 4, 16]))]
      socket.send(answerTo(packetOf(request), attributes, challenge), from.port, from.address)
    })
    await assert.rejects(radiusClient({ ports: [peer.port] }).check('alice', 'password'), isUnreachable)
  })

  test('a challenge without State is an outage; with State its reply goes to the server that asked', async () => {
    const challenge = { mac: 'right', code: radiusCode.accessChallenge } as const
    const peer = await radiusPeer((request, from, socket, count) => {
      const attributes = count === 1 ? [] : [attribute('state', 'now'), attribute('replyMessage', 'Code?')]
      socket.send(answerTo(packetOf(request), attributes, challenge), from.port, from.address)
    })
    const silent = await silentPort()
    const { check, reply, at } = radiusClient({ ports: [silent.port, peer.port], firstWait: 100, restMs: 60_000 })
    await assert.rejects(check('alice', 'password'), isUnreachable)
    const asked = await check('alice', 'password')
    assert.equal(asked.outcome, 'challenged')
    assert.equal(asked.terms.message, 'Code?')
    // The silent one has rested, and would be asked first.
    at(60_001)
    const before = silent.heard.length
    assert.equal((await reply(asked.challenge, '123456')).outcome, 'challenged')
    assert.equal(silent.heard.length, before)
  })
})

/** Somebody who gets his datagram in before the server's reject. */
async function between(forge: Forge) {
  const peer = await radiusPeer((request, from, socket) => {
    const packet = packetOf(request)
    forge(packet, sendTo(socket, from))
    sendTo(socket, from)(reject(packet))
  })
  return radiusClient({ ports: [peer.port] })
}

function sendTo(socket: Socket, { port, address }: RemoteInfo): (bytes: Uint8Array) => void {
  return (bytes) => socket.send(bytes, port, address)
}

function reject(request: RadiusPacket): Buffer {
  return answerTo(request, [], { mac: 'right', code: radiusCode.accessReject })
}

function ofAnother(request: RadiusPacket): RadiusPacket {
  return { ...request, authenticator: Buffer.alloc(16, 7) }
}

function madeOfReject(request: RadiusPacket): Buffer {
  const bytes = reject(request)
  bytes[0] = radiusCode.accessAccept
  return bytes
}

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}
