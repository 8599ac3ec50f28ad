import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  fits,
  readAnswer,
  readCookie,
  readRequest,
  requests,
  withoutAttributes,
} from '../../src/protocols/ldap/answer.ts'
import { element, elements, Malformed, messages } from '../../src/protocols/ldap/elements.ts'

/** A bind's "success" for message 1, as slapd says it. */
const success = hex('30 0c 02 01 01 61 07 0a 01 00 04 00 04 00')
const entry = hex('30 16 02 01 02 64 11 04 04 63 6e 3d 61 30 09 30 07 04 01 61 31 02 04 00')
const pageEnd = hex('30 25 02 01 02 65 07 0a 01 00 04 00 04 00')

describe('answers of an LDAP server', () => {
  test('that are sound are read', () => {
    assert.deepEqual(readAnswer(success), { id: 1, operation: 0x61, isLast: true, controls: new Map() })
    const { id, operation, isLast } = readAnswer(entry)
    assert.deepEqual({ id, operation, isLast }, { id: 2, operation: 0x64, isLast: false })
  })

  test('with a result that is not there are no success', () => {
    for (const bytes of [
      '30 05 02 01 01 61 00',
      '30 07 02 01 01 61 02 0a 00',
      '30 08 02 01 01 61 03 0a 01 00',
      '30 0a 02 01 01 61 05 0a 01 00 04 00',
      '30 0c 02 01 01 61 07 02 01 00 04 00 04 00',
      '30 03 02 01 01',
      '30 00',
      '61 07 0a 01 00 04 00 04 00',
    ])
      assert.throws(() => readAnswer(hex(bytes)), Malformed)
  })

  test('whose lengths do not add up are refused', () => {
    for (const bytes of [
      '30 80 02 01 01 61 07 0a 01 00 04 00 04 00 00 00',
      '30 0c 02 01 01 61 08 0a 01 00 04 00 04 00',
      '30 0c 02 01 01 61 84 ff ff ff ff 0a 01 00 04 00',
      '30 16 02 01 02 64 11 04 04 63 6e 3d 61 30 09 30 07 04 01 61 31 7f 04 00',
    ])
      assert.throws(() => readAnswer(hex(bytes)), Malformed)
  })

  test('changed in any one byte are read or refused, and never read for ever', () => {
    for (const sound of [success, entry]) {
      for (let at = 0; at < sound.length; at++) {
        for (let value = 0; value < 256; value++) {
          const changed = Buffer.from(sound)
          changed[at] = value
          try {
            readAnswer(changed)
          } catch (error) {
            assert.ok(error instanceof Malformed)
          }
        }
      }
    }
  })

  test('that are too long are their names alone, and what follows is read, however it is cut', () => {
    const long = (operation: number) => {
      const list = element(
        0x30,
        element(0x30, element(4, Buffer.from('a')), element(0x31, element(4, Buffer.alloc(60_000)))),
      )
      return element(0x30, element(2, Buffer.from([2])), element(operation, element(4, Buffer.from('cn=a')), list))
    }
    const short = element(0x64, element(4, Buffer.from('cn=a')), element(0x30))
    const expected = [success, element(0x30, element(2, Buffer.from([2])), short), entry, success]
    const all = Buffer.concat([success, long(0x64), entry, success])
    const names: string[] = []
    const instead = (start: Buffer, length: number) => {
      const { dn, message } = withoutAttributes(start, length)
      names.push(dn)
      return message
    }
    const sizes = [1, 7, 100, 16_384, 20_000, 60_050, all.length]
    for (const size of sizes) {
      const take = messages(50_000, instead)
      const got: Buffer[] = []
      for (let at = 0; at < all.length; at += size) got.push(...take(all.subarray(at, at + size)))
      assert.deepEqual(got, expected, `${size}`)
    }
    assert.deepEqual(
      names,
      sizes.map(() => 'cn=a'),
    )
    for (const message of [
      long(0x65),
      long(0x61),
      element(0x30, element(2, Buffer.from([2])), element(0x64, element(4, Buffer.alloc(60_000)))),
    ])
      assert.throws(() => [...messages(50_000, instead)(message)], Malformed)
  })

  test('belong to requests of their own kind only', () => {
    const bind = { id: 1, operation: requests.bind, controls: new Map() }
    assert.deepEqual(readRequest(hex('30 0c 02 01 01 60 07 02 01 03 04 00 80 00')), bind)
    assert.ok(fits(0x61, requests.bind))
    for (const other of [0x64, 0x65, 0x67, 0x73, 0x78]) assert.ok(!fits(other, requests.bind), other.toString(16))
    for (const own of [0x64, 0x65, 0x73]) assert.ok(fits(own, requests.search))
    assert.ok(!fits(0x61, requests.search))
  })

  test('carry where the next page begins', () => {
    const control = hex('30 05 02 01 00 04 00')
    assert.equal(readCookie(control).length, 0)
    assert.equal(readCookie(hex('30 08 02 01 00 04 03 61 62 63')).toString(), 'abc')
    for (const bad of ['', '30 03 02 01 00', '30 05 04 01 00 04 00', '30 05 02 01 00'])
      assert.throws(() => readCookie(hex(bad)), Malformed)
    const controls = tlv(0xa0, tlv(0x30, tlv(4, Buffer.from('1.2.840.113556.1.4.319')), tlv(4, control)))
    const whole = tlv(0x30, pageEnd.subarray(2, 14), controls)
    assert.deepEqual([...readAnswer(whole).controls.keys()], ['1.2.840.113556.1.4.319'])
    assert.throws(() => readAnswer(tlv(0x30, pageEnd.subarray(2, 14), controls, controls)), Malformed)
  })
})

describe('messages on a connection', () => {
  test('come out whole however they are cut', () => {
    const stream = Buffer.concat([success, entry, success])
    for (let size = 1; size <= stream.length; size++) {
      const take = messages(1024)
      const out: Buffer[] = []
      for (let at = 0; at < stream.length; at += size) out.push(...take(stream.subarray(at, at + size)))
      assert.deepEqual(out, [success, entry, success], `${size}`)
    }
  })

  test('that promise more than anybody keeps are refused before they come', () => {
    assert.throws(() => [...messages(1024)(hex('30 84 7f ff ff ff'))], Malformed)
    assert.throws(() => [...messages(1024)(hex('30 80'))], Malformed)
    assert.deepEqual(elements(Buffer.alloc(0)), [])
  })
})

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, value.length]), value])
}
