import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type FreeRadiusHost, startFreeRadius } from '../../dev/hosts/freeradius.ts'
import type { PasswordCheck } from '../../src/core/directory.ts'
import { nameOf } from '../../src/outbound/directory/radius-carrier.ts'
import { testRadius } from '../../src/outbound/directory/radius-diagnosis.ts'
import { attribute, valuesOf } from '../../src/protocols/radius/attributes.ts'
import { radiusCode } from '../../src/protocols/radius/packet.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { answerTo } from '../radius-answer.ts'
import { isUnreachable, packetOf, radiusConfigOf, radiusDirectoryAt, radiusPeer, silentPort } from './radius-world.ts'

const wrong = (why: string) => ({ outcome: 'wrong', why })

describe('the RADIUS directory, at FreeRADIUS', () => {
  let host: FreeRadiusHost
  before(async () => {
    host = await startFreeRadius()
  })
  after(() => host?.stop())
  const directory = () => radiusDirectoryAt({ ports: [host.port], secret: host.secret })

  test('knows a person by name alone, in the spellings that mean the same, and asks for that name', async () => {
    const { alice } = host.people
    for (const name of [
      'alice',
      ' alice ',
      'CORP\\alice',
      'corp\\alice',
      'alice@corp.example',
      'alice@CORP',
      '\uff41lice',
    ]) {
      assert.deepEqual(await directory().checkPassword(name, alice), {
        outcome: 'right',
        person: { uid: undefined, username: 'alice' },
      })
      assert.equal(directory().spellingOf?.(name), 'alice', name)
    }
    for (const name of [
      'EVIL\\alice',
      'alice@evil.example',
      'CORP\\alice@corp.example',
      'alice@corp.example@corp.example',
      'corp/alice',
      'alice%corp',
      '\\alice',
      'alice@',
    ])
      assert.deepEqual(await directory().checkPassword(name, alice), wrong('unknown'), name)
  })

  test('where names are whole, a mail address is a name', async () => {
    const whole = radiusDirectoryAt({
      ...{ ports: [host.port], secret: host.secret },
      names: { form: 'whole', domains: [] },
    })
    assert.equal(whole.spellingOf?.('Ann@Corp.example '), 'Ann@Corp.example')
    assert.deepEqual(await whole.checkPassword('alice@corp.example', host.people.alice), wrong('password'))
    assert.equal((await whole.checkPassword('alice', host.people.alice)).outcome, 'right')
  })

  test('asks back, and takes the reply at another node than the one that was asked', async () => {
    const asked = challengeOf(await directory().checkPassword('CORP\\carol', host.people.carol))
    const code = /\((\d{6})\)/.exec(asked.message)?.[1] ?? ''
    const answered = await directory().answerChallenge?.(asked.state, code)
    assert.deepEqual(answered, { outcome: 'right', person: { uid: undefined, username: 'carol' } })
    assert.deepEqual(await directory().answerChallenge?.(asked.state, code), wrong('password'))

    const again = challengeOf(await directory().checkPassword('carol', host.people.carol))
    assert.deepEqual(await directory().answerChallenge?.(again.state, code), wrong('password'))
    const elsewhere = radiusDirectoryAt({ ports: [host.oldPort], secret: host.secret, firstWait: 50 })
    await assert.rejects(async () => elsewhere.answerChallenge?.(again.state, code), isUnreachable)
  })

  test('asks back in several messages, and says whether the reply may be seen and how long it waits', async () => {
    const { state: _, ...carol } = challengeOf(await directory().checkPassword('carol', host.people.carol))
    assert.match(carol.message, /^Enter code \(\d{6}\)$/)
    assert.deepEqual(carol, { message: carol.message, echo: false, seconds: undefined })

    const { state, ...dan } = challengeOf(await directory().checkPassword('dan', host.people.dan))
    assert.match(dan.message, /^Enter code \(\d{6}\)\nIt may be seen\.$/)
    assert.deepEqual(dan, { message: dan.message, echo: true, seconds: 60 })
    const code = /\((\d{6})\)/.exec(dan.message)?.[1] ?? ''
    assert.equal((await directory().answerChallenge?.(state, code))?.outcome, 'right')
  })

  test('test says what is right, and exactly what is not', async () => {
    const silent = await silentPort()
    const about = async (ports: number[], { secret = host.secret, firstWait = 500 } = {}) => {
      const config = radiusConfigOf({ ports, secret, firstWait, sendings: 2 })
      const [finding] = await testRadius(config, { random: systemRandom, clock: systemClock })
      return `${finding?.ok} ${finding?.detail}`
    }
    assert.match(await about([host.port]), /^true answers, proves itself, and refuses a name that nobody has$/)
    assert.match(
      await about([silent.port], { firstWait: 100 }),
      /^false no answer: .*as a client, with the same secret/,
    )
    assert.match(await about([host.oldPort]), /^false no Message-Authenticator: .*message_authenticator_waived/)
    assert.match(await about([host.port], { secret: 'another', firstWait: 100 }), /^false no answer/)

    const liar = await radiusPeer((request, from, socket) => {
      socket.send(answerTo(packetOf(request), [], { mac: 'right' }), from.port, from.address)
    })
    assert.match(
      await about([liar.port], { secret: 'another' }),
      /^false a wrong response authenticator: .*another secret/,
    )
    assert.match(await about([liar.port], { secret: 'xyzzy5461' }), /^false lets in a name that nobody has/)

    const old = await radiusPeer((request, from, socket) => {
      const rejected = { mac: 'right', code: radiusCode.accessReject } as const
      socket.send(answerTo(packetOf(request), [], rejected), from.port, from.address)
    })
    assert.match(
      await about([old.port], { secret: 'xyzzy5461' }),
      /^true answers, .*; does not answer Status-Server: should it hang/,
    )
  })
})

describe('the RADIUS directory, what it says and hears', () => {
  test('says who asks, from where, and for whom', async () => {
    const peer = await radiusPeer((request, from, socket) => {
      socket.send(answerTo(packetOf(request), [], { mac: 'right' }), from.port, from.address)
    })
    const asking = async (address: string) => {
      const nas = { identifier: 'the-portal', address }
      await radiusDirectoryAt({ ports: [peer.port], nas }).checkPassword('ann', 'x', { address: '192.0.2.7' })
      const { attributes } = packetOf(peer.heard.at(-1) ?? Buffer.alloc(0))
      return (name: Parameters<typeof valuesOf>[1]) => valuesOf(attributes, name).map((value) => Buffer.from(value))
    }
    const four = await asking('192.0.2.200')
    assert.deepEqual(four('callingStationId').map(String), ['192.0.2.7'])
    assert.deepEqual(four('nasIdentifier').map(String), ['the-portal'])
    assert.deepEqual(four('nasIpAddress'), [Buffer.from([192, 0, 2, 200])])
    assert.deepEqual(four('nasPortType'), [Buffer.from([0, 0, 0, 5])])
    const six = await asking('2001:db8::5')
    assert.deepEqual(six('nasIpv6Address'), [Buffer.from('20010db8000000000000000000000005', 'hex')])
    assert.deepEqual(six('nasIpAddress'), [])
  })

  test('a server has one name in the log and in errors, with brackets where its address has colons', () => {
    const named = (host: string) => nameOf({ host, port: 1812 })
    assert.deepEqual(['radius1', '::1', '192.0.2.5'].map(named), ['radius1:1812', '[::1]:1812', '192.0.2.5:1812'])
  })

  test('a message of the other side is text: lines, and no control characters', async () => {
    const peer = await radiusPeer((request, from, socket) => {
      const attributes = [
        attribute('state', 's'),
        attribute('replyMessage', 'One\r\n\x1b[2JTwo\u202e'),
        attribute('replyMessage', Buffer.from([0xff])),
      ]
      const asked = { mac: 'right', code: radiusCode.accessChallenge } as const
      socket.send(answerTo(packetOf(request), attributes, asked), from.port, from.address)
    })
    const { message } = challengeOf(await radiusDirectoryAt({ ports: [peer.port] }).checkPassword('ann', 'x'))
    assert.equal(message, 'One\n[2JTwo\nÿ')
  })
})

function challengeOf(check: PasswordCheck) {
  assert.ok(check.outcome === 'challenged', check.outcome)
  return check.challenge
}
