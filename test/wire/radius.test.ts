import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { attribute, microsoftAttribute, microsoftValuesOf, valuesOf } from '../../src/protocols/radius/attributes.ts'
import { encodeAccessRequest, encodeStatusServer, readAnswer } from '../../src/protocols/radius/authenticity.ts'
import { replyMessage, termsOf } from '../../src/protocols/radius/challenge.ts'
import { encodeRadius, type RadiusPacket, readRadius } from '../../src/protocols/radius/packet.ts'
import { hideUserPassword } from '../../src/protocols/radius/user-password.ts'
import { answerTo, hmacMd5, secret } from '../radius-answer.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

/** RFC 2865 section 7. */
const nemo = {
  request: hex(`01000038 0f403f94 73978057 bd83d5cb 98f4227a 01066e65 6d6f0212 0dbe708d 93d413ce 3196e43f 782a0aee
    0406c0a8 01100506 00000003`),
  accept: hex('02000026 86fe220e 7624ba2a 1005f6bf 9b55e0b2 06060000 00010f06 00000000 0e06c0a8 0103'),
}
const mopsy = {
  request: hex(`01020039 f3a47a1f 6a6d7671 0b947ab9 3041a039 01076d6f 70737902 12336575 73778289 b570885e 15084825
    c50406c0 a8011005 06000000 07`),
  challenge: hex(`0b02004e 36f3c876 4ae8c711 57403c0c 71ff9c45 12304368 616c6c65 6e676520 33323736 39343330 2e202045
    6e746572 20726573 706f6e73 65206174 2070726f 6d70742e 180a3332 37363934 3330`),
}
const waived = { waivedBecause: 'the examples of RFC 2865 are older' }

describe('RADIUS packets', () => {
  test('the examples of RFC 2865 are read, and written as they were', () => {
    for (const bytes of [nemo.request, nemo.accept, mopsy.request, mopsy.challenge]) {
      assert.deepEqual(encodeRadius(packetOf(bytes)), bytes)
    }
    assert.equal(text(valuesOf(packetOf(nemo.request).attributes, 'userName')[0]), 'nemo')
    assert.equal(text(valuesOf(packetOf(mopsy.challenge).attributes, 'state')[0]), '32769430')
  })

  test('the question of RFC 5997 whether a server is there is written, and answered, as there', () => {
    // Section 6.1.
    const asked = hex('0cda0026 8a54f468 6fb394c5 2866e302 185d0623 50125a66 5e2e1e84 11f3e243 822097c8 4fa3')
    const answer = hex('02da0014 ef0d552a 4bf2d693 ec2b6fe8 b5411d66')
    const request = { identifier: 0xda, authenticator: asked.subarray(4, 20) }
    assert.deepEqual(encodeStatusServer(request, secret), asked)
    assert.ok('answer' in readAnswer(answer, request, secret, waived))
    assert.deepEqual(readAnswer(answer, request, 'another', waived), { fault: 'a wrong response authenticator' })
  })

  test('the passwords of RFC 2865 are hidden as there', () => {
    for (const [bytes, password] of [
      [nemo.request, 'arctangent'],
      [mopsy.request, 'challenge'],
    ] as const) {
      const { authenticator, attributes } = packetOf(bytes)
      const [hidden] = valuesOf(attributes, 'userPassword')
      assert.deepEqual(Buffer.from(hideUserPassword(password, authenticator, secret)), hidden)
    }
  })

  test('what User-Password cannot hold is refused', () => {
    for (const password of ['', 'a\0b', 'x'.repeat(129)]) {
      assert.throws(() => hideUserPassword(password, Buffer.alloc(16), secret), RangeError)
    }
    assert.equal(hideUserPassword('x'.repeat(128), Buffer.alloc(16), secret).length, 128)
  })

  test('lengths that do not fit are faults, and padding behind the packet is ignored', () => {
    const cases: [Buffer, RegExp][] = [
      [nemo.accept.subarray(0, 19), /19 bytes/],
      [nemo.accept.subarray(0, -1), /37 bytes of 38/],
      [edited(nemo.accept, 3, 19), /length of 19/],
      [edited(nemo.accept, 2, 0x10), /length of 4134/],
      [edited(nemo.accept, 21, 0), /does not fit/],
      [edited(nemo.accept, 21, 1), /does not fit/],
      [edited(nemo.accept, 33, 7), /does not fit/],
      [edited(nemo.accept, 3, 21), /does not fit/],
    ]
    for (const [bytes, fault] of cases) assert.match(faultOf(readRadius(bytes)), fault)
    assert.deepEqual(packetOf(Buffer.concat([nemo.accept, Buffer.alloc(9, 1)])), packetOf(nemo.accept))
  })

  test('any bytes are read or refused, and what is read is written the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        if (bytes.length > 3) bytes.set([0, bytes.length], 2)
        const read = readRadius(bytes)
        if ('packet' in read) assert.deepEqual(encodeRadius(read.packet), Buffer.from(bytes))
      }),
    )
  })

  test('what is too long is not written', () => {
    const long = { ...packetOf(nemo.accept), attributes: [attribute('state', 'x'.repeat(254))] }
    assert.throws(() => encodeRadius(long), RangeError)
    const full = { ...long, attributes: Array(17).fill(attribute('state', 'x'.repeat(253))) }
    assert.throws(() => encodeRadius(full), RangeError)
  })

  test('attributes of Microsoft are found, several in one, and not those of others', () => {
    const one = microsoftAttribute('msChapChallenge', Buffer.from('first'))
    const two = { ...one, value: Buffer.concat([one.value, Buffer.from([11, 4, 0x68, 0x69, 26, 9])]) }
    const other = { ...one, value: Buffer.concat([Buffer.from([0, 0, 0, 9]), one.value.subarray(4)]) }
    assert.deepEqual(microsoftValuesOf([two, other], 'msChapChallenge').map(text), ['first', 'hi'])
    assert.deepEqual(microsoftValuesOf([two], 'msChap2Success'), [])
  })

  test('a message of several parts is lines without control characters, and one that is full goes on in the next', () => {
    const parts = ['Enter\u0007 the code\r\n', 'of your token\u202e'].map((part) => attribute('replyMessage', part))
    assert.equal(replyMessage(parts), 'Enter the code\nof your token')

    const long = Buffer.from(`${'x'.repeat(252)}é and more`)
    const cut = [long.subarray(0, 253), long.subarray(253)].map((part) => attribute('replyMessage', part))
    assert.equal(replyMessage([...cut, attribute('replyMessage', 'Next')]), `${long.toString()}\nNext`)
    assert.equal(replyMessage([]), '')
  })

  test('a message that is not UTF-8 is read as a Western machine writes it, and one that is cut in a letter is not', () => {
    const said = (bytes: Buffer) => replyMessage([attribute('replyMessage', bytes)])
    assert.equal(
      said(Buffer.from('Gr\xfc\xdfe, \x80 5\nCode f\xfcr Bj\xf6rn?', 'latin1')),
      'Grüße, € 5\nCode für Björn?',
    )
    assert.equal(said(Buffer.from('Schlüssel für Björn').subarray(0, -3)), 'Schlüssel für Bj\ufffd')
    assert.equal(said(Buffer.from('密码\r\n\r\nКод')), '密码\nКод')
    const full = Array.from({ length: 5 }, () => attribute('replyMessage', `${'ü'.repeat(126)}x`))
    assert.equal(replyMessage(full).length, 5 * 127)
  })

  test('the example of RFC 2865 says what is asked; a reply is masked unless it may be seen, and a time of nothing is none', () => {
    const { attributes } = packetOf(mopsy.challenge)
    const message = 'Challenge 32769430.  Enter response at prompt.'
    assert.deepEqual(termsOf(attributes), { message, echo: false, seconds: undefined })

    const said = (prompt: string, timeout: string) => {
      const { echo, seconds } = termsOf([attribute('prompt', hex(prompt)), attribute('sessionTimeout', hex(timeout))])
      return [echo, seconds]
    }
    assert.deepEqual(said('00000001', '0000003c'), [true, 60])
    assert.deepEqual(said('00000000', 'ffffffff'), [false, 0xffff_ffff])
    assert.deepEqual(said('00000002', '00000000'), [false, undefined])
    assert.deepEqual(said('01', '3c'), [false, undefined])
    assert.deepEqual(said('0000000001', ''), [false, undefined])
  })
})

describe('whom to believe', () => {
  test('the answers of RFC 2865 are authentic to their requests, and to no other', () => {
    for (const [request, answer] of [
      [nemo.request, nemo.accept],
      [mopsy.request, mopsy.challenge],
    ] as const) {
      assert.ok('answer' in readAnswer(answer, packetOf(request), secret, waived))
      assert.match(faultOf(readAnswer(answer, packetOf(request), 'another', waived)), /response authenticator/)
      assert.match(faultOf(readAnswer(answer, packetOf(request), secret)), /no Message-Authenticator/)
    }
    const stranger = { ...packetOf(mopsy.request), identifier: 0 }
    assert.match(faultOf(readAnswer(nemo.accept, stranger, secret, waived)), /response authenticator/)
    assert.match(faultOf(readAnswer(nemo.accept, packetOf(mopsy.request), secret, waived)), /identifier/)
  })

  test('a request carries Message-Authenticator first, computed as in RFC 5997 section 6.1', () => {
    // That example is a Status-Server, so it vouches for the HMAC written out below, and that one for ours.
    const example = hex('0cda0026 8a54f468 6fb394c5 2866e302 185d0623 5012 5a665e2e1e8411f3e243822097c84fa3')
    assert.deepEqual(hmacMd5(secret, withoutMac(example)), example.subarray(22))
    const { identifier, authenticator } = packetOf(example)
    const ours = encodeAccessRequest({ identifier, authenticator, attributes: [attribute('userName', 'nemo')] }, secret)
    assert.equal(ours.subarray(20, 22).toString('hex'), '5012')
    assert.deepEqual(hmacMd5(secret, withoutMac(ours)), ours.subarray(22, 38))
    const signed = answerTo({ identifier, authenticator }, [], { mac: 'right' })
    assert.ok('answer' in readAnswer(signed, { identifier, authenticator }, secret))
  })

  test('a bit changed anywhere in an answer is noticed', () => {
    const request = packetOf(nemo.request)
    const good = answerTo(request, [attribute('state', 's')], { mac: 'right' })
    assert.ok('answer' in readAnswer(good, request, secret))
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = edited(good, bit >> 3, (good[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
      assert.ok('fault' in readAnswer(bad, request, secret), `bit ${bit}`)
    }
  })

  test('a Message-Authenticator that is wrong, doubled or short is none, though the response authenticator is right', () => {
    const request = packetOf(nemo.request)
    for (const mac of ['wrong', 'doubled', 'short'] as const) {
      for (const proof of ['demanded', waived] as const) {
        assert.match(faultOf(readAnswer(answerTo(request, [], { mac }), request, secret, proof)), /(wrong|malformed) M/)
      }
    }
  })

  test('a waiver does not let the known forgery pass, which needs a Proxy-State', () => {
    const request = packetOf(nemo.request)
    const forged = answerTo(request, [attribute('proxyState', 'collision')], { mac: 'none' })
    assert.match(faultOf(readAnswer(forged, request, secret, waived)), /Proxy-State/)
  })

  test('a packet that is no answer is none', () => {
    const request = packetOf(nemo.request)
    for (const code of [1, 4, 5, 12, 0, 255]) {
      assert.match(faultOf(readAnswer(answerTo(request, [], { mac: 'right', code }), request, secret)), /no answer/)
    }
  })
})

function packetOf(bytes: Uint8Array): RadiusPacket {
  const read = readRadius(bytes)
  assert.ok('packet' in read)
  return read.packet
}

function faultOf(read: object): string {
  assert.ok('fault' in read, 'was believed')
  return String(read.fault)
}

function text(value: Uint8Array | undefined): string {
  return Buffer.from(value ?? []).toString()
}

function edited(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}

function withoutMac(bytes: Buffer): Buffer {
  return Buffer.from(bytes).fill(0, 22, 38)
}
