import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attribute, microsoftAttribute, microsoftValuesOf } from '../../src/protocols/radius/attributes.ts'
import { radiusCode } from '../../src/protocols/radius/packet.ts'
import { answerTo } from '../radius-answer.ts'
import { isUnreachable, packetOf, radiusDirectoryAt, radiusPeer } from './radius-world.ts'

const ann = { uid: undefined, username: 'ann' }
const expired = { outcome: 'must-change', why: 'expired', person: ann }
const wrong = (why: string) => ({ outcome: 'wrong', why })

describe('an error of MS-CHAP', () => {
  const plain: [said: number | undefined, why: string][] = [
    [647, 'disabled'],
    [649, 'no-dial-in'],
    [691, 'password'],
    [4711, 'password'],
    [undefined, 'password'],
  ]
  for (const [said, why] of plain) {
    test(`${said} is wrong: ${why}, and asks for nothing more`, async () => {
      const { check, peer } = await world(() => said)
      assert.deepEqual(await check(), wrong(why))
      assert.equal(peer.heard.length, 1)
    })
  }

  test('that would be told to the person is believed of a server that has looked at the password, which is tried out once', async () => {
    for (const [said, believed] of [
      [648, expired],
      [646, { ...wrong('hours'), person: ann }],
    ] as const) {
      const { check, peer } = await world((count) => (count === 2 ? 691 : said))
      assert.deepEqual(await check(), believed)
      assert.deepEqual(await check(), believed)
      assert.equal(peer.heard.length, 3)
      const responses = peer.heard.map((each) => microsoftValuesOf(packetOf(each).attributes, 'msChap2Response')[0])
      assert.equal(new Set(responses.map((each) => Buffer.from(each ?? []).toString('hex'))).size, 3)
    }
  })

  test('that any guess gets proves nothing, and is told to nobody', async () => {
    for (const [said, why] of [
      [648, 'expired'],
      [646, 'hours'],
    ] as const) {
      const { check, peer } = await world(() => said)
      assert.deepEqual(await check(), wrong(why))
      assert.deepEqual(await check(), wrong(why))
      assert.equal(peer.heard.length, 3)
    }
  })

  test('is not judged for good by a guess that met a lock, nor by one that was not answered', async () => {
    const said = (count: number) => (count === 2 ? 647 : count === 4 ? 'nothing' : count === 6 ? 691 : 648)
    const { check, peer } = await world(said, { firstWait: 1_500 })
    assert.deepEqual(await check(), wrong('expired'))
    await assert.rejects(check(), isUnreachable)
    assert.deepEqual(await check(), expired)
    assert.equal(peer.heard.length, 6)
  })

  test('in an answer that is not authentic is dropped', async () => {
    const peer = await radiusPeer((request, from, socket) => {
      const forged = answerTo(packetOf(request), [errorOf(648)], { mac: 'wrong', code: radiusCode.accessReject })
      socket.send(forged, from.port, from.address)
    })
    const directory = radiusDirectoryAt({ ports: [peer.port], method: 'ms-chap-v2', sendings: 1 })
    await assert.rejects(directory.checkPassword('ann', 'x'), isUnreachable)
  })

  test('in an answer to PAP says nothing: nobody had asked by MS-CHAP', async () => {
    const { directory } = await world(() => 648, { method: 'pap' })
    assert.deepEqual(await directory.checkPassword('ann', 'x'), wrong('password'))
  })
})

describe('a change of a password', () => {
  const refusals: [said: number | undefined, comes: object][] = [
    [709, { outcome: 'refused', why: 'rules' }],
    [648, { outcome: 'refused', why: 'not-allowed' }],
    [undefined, { outcome: 'refused', why: 'not-allowed' }],
    [691, { outcome: 'wrong', why: 'password' }],
    [647, { outcome: 'wrong', why: 'disabled' }],
  ]
  for (const [said, comes] of refusals) {
    test(`that is refused by ${said} comes to ${JSON.stringify(comes)}`, async () => {
      const { directory } = await world(() => said)
      assert.deepEqual(await directory.changePassword?.('ann', 'old', 'chosen'), comes)
    })
  }

  test('that was accepted without proof of the new password is not believed, and one that is asked back about is none', async () => {
    const answers = [radiusCode.accessAccept, radiusCode.accessChallenge]
    const peer = await radiusPeer((request, from, socket, count) => {
      const made = { mac: 'right', code: answers[count - 1] ?? 0 } as const
      socket.send(answerTo(packetOf(request), [attribute('state', 's')], made), from.port, from.address)
    })
    const { changePassword } = radiusDirectoryAt({ ports: [peer.port], method: 'ms-chap-v2', changePasswords: true })
    await assert.rejects(async () => changePassword?.('ann', 'old', 'chosen'), isUnreachable)
    assert.deepEqual(await changePassword?.('ann', 'old', 'chosen'), { outcome: 'refused', why: 'not-allowed' })
  })

  test('holds neither password, and is made anew each time', async () => {
    const { directory, peer } = await world(() => 709)
    for (let i = 0; i < 2; i++) await directory.changePassword?.('ann', 'the-old-one', 'the-new-one')
    const sent = peer.heard.map((each) => each.toString('hex'))
    for (const password of ['the-old-one', 'the-new-one'])
      for (const encoding of ['utf8', 'utf16le'] as const)
        assert.ok(sent.every((each) => !each.includes(Buffer.from(password, encoding).toString('hex'))))
    const values = peer.heard.map((each) =>
      Buffer.concat(microsoftValuesOf(packetOf(each).attributes, 'msChapNtEncPw').map((part) => part.subarray(4))),
    )
    assert.deepEqual(
      values.map(({ length }) => length),
      [516, 516],
    )
    assert.notDeepEqual(values[0]?.subarray(0, 400), values[1]?.subarray(0, 400))
  })
})

/** A server that rejects everything, with the error that `said` gives for each request. */
async function world(
  said: (count: number) => number | undefined | 'nothing',
  { method = 'ms-chap-v2', firstWait = 30_000 }: { method?: 'pap' | 'ms-chap-v2'; firstWait?: number } = {},
) {
  const peer = await radiusPeer((request, from, socket, count) => {
    const error = said(count)
    if (error === 'nothing') return
    const attributes = error === undefined ? [] : [errorOf(error)]
    const rejected = { mac: 'right', code: radiusCode.accessReject } as const
    socket.send(answerTo(packetOf(request), attributes, rejected), from.port, from.address)
  })
  const directory = radiusDirectoryAt({
    ports: [peer.port],
    method,
    changePasswords: true,
    firstWait,
    sendings: 1,
  })
  return { peer, directory, check: () => directory.checkPassword('ann', 'x') }
}

function errorOf(number: number) {
  return microsoftAttribute('msChapError', Buffer.from(`\x07E=${number} R=0 C=00 V=3 M=no`))
}
