import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fromBase32, toBase32 } from '../../src/protocols/base32.ts'

const ascii = (text: string) => new Uint8Array(Buffer.from(text, 'ascii'))

describe('base 32', () => {
  /** RFC 4648 section 10. */
  const vectors = [
    ['', ''],
    ['f', 'MY======'],
    ['fo', 'MZXQ===='],
    ['foo', 'MZXW6==='],
    ['foob', 'MZXW6YQ='],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI======'],
  ] as const

  for (const [plain, coded] of vectors) {
    test(`of "${plain}" is the RFC's, both ways, with and without padding`, () => {
      assert.equal(toBase32(ascii(plain), { padding: true }), coded)
      assert.equal(toBase32(ascii(plain)), coded.replaceAll('=', ''))
      assert.deepEqual(fromBase32(coded), ascii(plain))
      assert.deepEqual(fromBase32(coded.replaceAll('=', '')), ascii(plain))
    })
  }

  test('is read as people type it', () => {
    for (const typed of [
      'mzxw 6ytb oi',
      'MZXW-6YTB-OI',
      ' MZXW6YTBOI\n',
      'mzxw\u00a06ytb\u2009oi==',
      'MzXw–6yTb–Oi======',
    ]) {
      assert.deepEqual(fromBase32(typed), ascii('foobar'), typed)
    }
  })

  test('drops the bits after the last whole byte', () => {
    assert.deepEqual(fromBase32('MZ'), ascii('f'))
  })

  test('is nothing else', () => {
    for (const typed of [
      'MZXW6YT1', // 1 is not I
      'MZXW0YTB', // 0 is not O
      'MZXW8YTB',
      'MZXW6YTBO', // no byte ends after 1, 3 or 6 letters
      'MZX',
      'MZXW6Y',
      'MY=MY',
      'MY=======', // seven
      '=MY',
      'ſZXW6YTB', // upper case of U+017F is S
      'ıZXW6YTB', // upper case of U+0131 is I
      'MZXW６YTB',
      'MZXW.YTB',
      'MZXW+YTB',
    ]) {
      assert.equal(fromBase32(typed), undefined, typed)
    }
  })

  test('gives back what it was made of, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, padding) => {
        const coded = toBase32(bytes, { padding })
        assert.match(coded, /^[A-Z2-7]*=*$/)
        assert.deepEqual(fromBase32(coded), bytes)
        assert.deepEqual(fromBase32(coded.toLowerCase().replace(/(.{4})/g, '$1 ')), bytes)
      }),
    )
  })

  test('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
        fromBase32(typed)
      }),
    )
  })
})
