import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fromSeptets, fromUcs2, septetCount, septetsOf, toSeptets, toUcs2 } from '../../src/protocols/gsm0338.ts'

const everyCharacter = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(septetsOf)

describe('the GSM 7-bit default alphabet', () => {
  test('has 127 characters and 10 behind the escape', () => {
    assert.equal(everyCharacter.filter((character) => septetsOf(character) === 1).length, 127)
    assert.equal(everyCharacter.filter((character) => septetsOf(character) === 2).join(''), '\f[\\]^{|}~€')
  })

  test('has the codes of 3GPP TS 23.038', () => {
    for (const [text, hex] of [
      ['@', '00'],
      ['Grüße 1', '47727e1e652031'],
      ['€[~]', '1b651b3c1b3d1b3e'],
      ['Çà\n\r', '097f0a0d'],
      ['ΔΦΓΛΩΠΨΣΘΞ', '1012131415161718191a'],
      ['¡¿§ÄÖÑÜ', '40605f5b5c5d5e'],
      ['', ''],
    ] as const) {
      assert.equal(Buffer.from(toSeptets(text) ?? []).toString('hex'), hex, text)
    }
  })

  test('is the alphabet that Perl knows by this name', (t) => {
    const program = 'binmode STDIN, ":utf8"; local $/; print unpack("H*", encode("gsm0338", <STDIN>))'
    const { stdout, status } = spawnSync('/usr/bin/perl', ['-MEncode', '-e', program], {
      input: everyCharacter.join(''),
      encoding: 'utf8',
    })
    if (status !== 0) return t.skip('no Perl with Encode::GSM0338')
    assert.equal(Buffer.from(toSeptets(everyCharacter.join('')) ?? []).toString('hex'), stdout)
  })

  test('is left as it came by writing and reading, and counted as it is written', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...everyCharacter)), (characters) => {
        const text = characters.join('')
        const septets = toSeptets(text) ?? assert.fail('not written')
        assert.equal(fromSeptets(septets), text)
        assert.equal(septetCount(text), septets.length)
        assert.ok(septets.every((septet) => septet < 128))
      }),
    )
  })

  test('has no look-alikes: what it lacks is not written', () => {
    for (const text of ['ç', 'â', '’', '“', '☎', '😀', '\u001b', '\t', '\ud800', 'Ä\u0308']) {
      assert.equal(toSeptets(`a${text}`), undefined, text)
      assert.equal(septetCount(`a${text}`), undefined, text)
    }
  })

  test('is read whatever the octets are', () => {
    assert.equal(fromSeptets(Uint8Array.of(0x1b)), ' ', 'an escape at the end')
    assert.equal(fromSeptets(Uint8Array.of(0x1b, 0x41)), 'A', 'an escape before what is not in the extension table')
    assert.equal(fromSeptets(Uint8Array.of(0x1b, 0x1b, 0x41)), ' A', 'an escape to a table that does not exist yet')
    assert.equal(fromSeptets(Uint8Array.of(0x80, 0x41)), '\u{FFFD}A')
    fc.assert(fc.property(fc.uint8Array(), (bytes) => fromSeptets(bytes).isWellFormed()))
  })
})

describe('UCS-2', () => {
  test('is UTF-16 with the big end first', () => {
    assert.equal(Buffer.from(toUcs2('Ж😀')).toString('hex'), '0416d83dde00')
    assert.equal(fromUcs2(Buffer.from('0416d83dde00', 'hex')), 'Ж😀')
  })

  test('is left as it came by writing and reading, half surrogate pairs too', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fromUcs2(toUcs2(text)) === text))
    assert.equal(fromUcs2(toUcs2('a\ud83d')), 'a\ud83d')
  })

  test('is read without an odd octet at its end', () => {
    assert.equal(fromUcs2(Uint8Array.of(0, 0x41, 0)), 'A')
  })

  test('leaves the octets it reads alone', () => {
    const bytes = Uint8Array.of(0x04, 0x16)
    fromUcs2(bytes)
    assert.deepEqual(bytes, Uint8Array.of(0x04, 0x16))
  })
})
