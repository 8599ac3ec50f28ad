import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type FreeRadiusHost, startFreeRadius } from '../../dev/hosts/freeradius.ts'
import { attribute } from '../../src/protocols/radius/attributes.ts'
import { encodeAccessRequest } from '../../src/protocols/radius/authenticity.ts'
import { encodeRadius } from '../../src/protocols/radius/packet.ts'
import { isUnreachable, radiusClient, silentPort, until } from './radius-world.ts'

describe('passwords at FreeRADIUS', () => {
  let host: FreeRadiusHost
  before(async () => {
    host = await startFreeRadius()
  })
  after(() => host?.stop())

  for (const method of ['pap', 'ms-chap-v2'] as const) {
    test(`${method}: the right password is right; a wrong one and an unknown name are wrong alike`, async () => {
      const { check } = world({ method })
      assert.deepEqual(await check('alice', host.people.alice), { outcome: 'right' })
      for (const [username, password] of [
        ['alice', 'wrong'],
        ['alice', `${host.people.alice} `],
        ['nobody', host.people.alice],
      ] as const) {
        assert.deepEqual(await check(username, password), { outcome: 'wrong', why: 'password' })
      }
    })
  }

  test('ms-chap-v2: a password of 112 letters is right, which PAP cannot carry', async () => {
    const { olga } = host.people
    const { check } = world({ method: 'ms-chap-v2' })
    assert.deepEqual(await check('olga', olga), { outcome: 'right' })
    assert.deepEqual(await check('olga', olga.slice(1)), { outcome: 'wrong', why: 'password' })
    assert.deepEqual(await world().check('olga', olga), { outcome: 'wrong', why: 'password' })
  })

  test('a challenge is answered by its code, once, and not by another', async () => {
    const { check, reply } = world()
    const asked = await check('carol', host.people.carol)
    assert.equal(asked.outcome, 'challenged')
    const code = /\((\d{6})\)/.exec(asked.terms.message)?.[1] ?? ''
    assert.deepEqual(await reply(asked.challenge, code), { outcome: 'right' })
    assert.deepEqual(await reply(asked.challenge, code), { outcome: 'wrong', why: 'password' })

    const again = await check('carol', host.people.carol)
    assert.equal(again.outcome, 'challenged')
    assert.notDeepEqual(again.challenge.state, asked.challenge.state)
    assert.deepEqual(await reply(again.challenge, code), { outcome: 'wrong', why: 'password' })
    assert.deepEqual(await check('carol', 'wrong'), { outcome: 'wrong', why: 'password' })
  })

  test('a server that sends no Message-Authenticator is not believed, unless that is waived, with the reason in the log', async () => {
    const strict = world({ ports: [host.oldPort], firstWait: 200 })
    await assert.rejects(strict.check('alice', host.people.alice), isUnreachable)
    assert.match(strict.lines.join('\n'), /no Message-Authenticator/)

    const waived = world({ ports: [host.oldPort], proof: { waivedBecause: 'the appliance is of 2019' } })
    assert.deepEqual(await waived.check('alice', host.people.alice), { outcome: 'right' })
    assert.match(waived.lines.join('\n'), /without Message-Authenticator.*the appliance is of 2019/)
  })

  test('a server that demands Message-Authenticator drops a request without, and takes ours', async () => {
    const socket = createSocket('udp4')
    try {
      const attributes = [attribute('userName', 'alice')]
      const send = (bytes: Uint8Array) => socket.send(bytes, host.port, '127.0.0.1')
      const answered: number[] = []
      send(encodeRadius({ code: 1, identifier: 1, authenticator: Buffer.alloc(16, 1), attributes }))
      for (const identifier of [2, 3]) {
        send(encodeAccessRequest({ identifier, authenticator: Buffer.alloc(16, identifier), attributes }, host.secret))
        const [answer] = await once(socket, 'message')
        answered.push(answer[1])
      }
      assert.deepEqual(answered, [2, 3])
    } finally {
      socket.close()
    }
  })

  test('a secret that can be guessed is told, and is not in what is told', () => {
    const about = (secret: string) => world({ secret, ports: [1812] }).lines.join('\n')
    assert.match(about('fifteen-letters'), /short enough to be guessed.*127\.0\.0\.1:1812/)
    assert.doesNotMatch(about('fifteen-letters'), /fifteen/)
    assert.equal(about('sixteen-letters!'), '')
  })

  test('with another secret nobody is let in, and nobody is told that the password is wrong', async () => {
    const { check } = world({ secret: 'another', firstWait: 20 })
    await assert.rejects(check('alice', host.people.alice), isUnreachable)
  })

  test('the second server is asked while the first is silent, which is then left alone for a while', async () => {
    const silent = await silentPort()
    const { check, at } = world({ ports: [silent.port, host.port], firstWait: 250 })
    assert.deepEqual(await check('alice', host.people.alice), { outcome: 'right' })
    const heard = silent.heard.length
    assert.equal(heard, 3, 'every sending')
    assert.equal(new Set(silent.heard.map((bytes) => bytes.toString('hex'))).size, 1, 'the very same packet')

    assert.deepEqual(await check('alice', 'wrong'), { outcome: 'wrong', why: 'password' })
    assert.equal(silent.heard.length, heard)

    at(61_000)
    assert.deepEqual(await check('alice', host.people.alice), { outcome: 'right' })
    assert.equal(silent.heard.length, heard + 3)
  })

  for (const [what, befall] of [
    ['dies', (server: FreeRadiusHost) => server.stop()],
    ['falls silent', (server: FreeRadiusHost) => server.pause()],
  ] as const) {
    test(`of 100 sign-ins none fails while a server lives, though the first one ${what} among them`, async (t) => {
      const first = await startFreeRadius()
      t.after(() => first.stop())
      const { check, lines, at } = world({ ports: [first.port, host.port], firstWait: 300 })
      let done = 0
      const outcomes: string[] = []
      const client = async () => {
        for (let i = 0; i < 10; i++) {
          outcomes.push((await check('alice', host.people.alice)).outcome)
          if (++done === 40) await befall(first)
        }
      }
      await Promise.all(Array.from({ length: 10 }, client))
      assert.deepEqual(
        outcomes,
        Array.from({ length: 100 }, () => 'right'),
      )
      const passedOver = () =>
        lines.filter((line) => line.includes('did not answer') && line.includes(`:${first.port}`)).length
      const waited = passedOver()
      assert.ok(waited > 0 && waited <= 10, `${waited} waited for it, of 10 at once`)

      if (what === 'dies') return
      // What it had not read yet it answers now, to nobody.
      first.resume()
      at(61_000)
      assert.deepEqual(await check('alice', host.people.alice), { outcome: 'right' })
      assert.deepEqual(await check('alice', 'wrong'), { outcome: 'wrong', why: 'password' })
      assert.equal(passedOver(), waited)
    })
  }

  test('a server that hangs is known by that before anybody waits for it, and is asked again when it is back', async (t) => {
    const first = await startFreeRadius()
    t.after(() => first.stop())
    const { check, lines, at } = world({ ports: [first.port, host.port], firstWait: 2_000, restMs: 200 })
    const asked = async () => {
      const answered = await check('carol', host.people.carol)
      assert.ok(answered.outcome === 'challenged')
      return answered.challenge.server.port
    }
    const isLogged = (what: RegExp) => lines.some((line) => what.test(line) && line.includes(`:${first.port}`))
    let hour = 0
    await until(async () => {
      at(3_600_000 * hour++)
      await asked()
      return isLogged(/answers Status-Server/)
    })

    first.pause()
    lines.length = 0
    assert.equal(await asked(), host.port)
    assert.ok(isLogged(/did not answer.*Status-Server/))
    assert.equal(await asked(), host.port)
    assert.equal(lines.filter((line) => line.includes('did not answer')).length, 1, 'nobody waited')

    first.resume()
    await until(async () => (await asked()) === first.port)
    assert.ok(isLogged(/answers again/))
  })

  function world({ ports = [host.port], ...more }: Parameters<typeof radiusClient>[0] = {}) {
    return radiusClient({ ports, secret: host.secret, ...more })
  }
})
