import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readCode } from '../../src/protocols/code-input.ts'

describe('a code as people type it', () => {
  test('is its digits, however they are parted', () => {
    for (const typed of [
      '123456',
      ' 123456',
      '123456\n',
      '123 456',
      '123-456',
      '12–34—56',
      '123\u00a0456',
      '123\u2009456',
      '1\u30002\u30003\t4\r\n5 \u00856',
      '123\u2212456',
      '\ufeff123\u200b456',
      '\u202a123456\u202c',
    ]) {
      assert.equal(readCode(typed, 6), '123456', JSON.stringify(typed))
    }
  })

  test('is the same in the digits of any script', () => {
    for (const typed of [
      '１２３４５６',
      '١٢٣٤٥٦',
      '۱۲۳۴۵۶',
      '१२३४५६',
      '๑๒๓๔๕๖',
      '𝟏𝟐𝟑𝟒𝟓𝟔',
      '𝟣𝟤𝟥𝟦𝟧𝟨',
      '𞥑𞥒𞥓𞥔𞥕𞥖',
      '１2٣4۵6',
      '١٢٣ ٤٥٦',
    ]) {
      assert.equal(readCode(typed, 6), '123456', typed)
    }
  })

  test('is the same in every numbering system with digits of its own', () => {
    let scripts = 0
    for (const system of Intl.supportedValuesOf('numberingSystem')) {
      const format = new Intl.NumberFormat('en', { numberingSystem: system, useGrouping: false })
      const all = [...'0123456789'].map((digit) => format.format(Number(digit)))
      if (all.some((digit) => !/^\p{Nd}$/u.test(digit))) continue
      scripts++
      assert.equal(readCode(all.join(''), 10), '0123456789', system)
    }
    assert.ok(scripts > 50)
  })

  test('is nothing else', () => {
    for (const typed of [
      '',
      ' ',
      '+123456',
      '123456.',
      '123.456',
      '123,456',
      '0x1234',
      '12345e1',
      '12345a',
      '①②③④⑤⑥',
      '²²²²²²',
      '一二三四五六',
      'ⅠⅡⅢⅣⅤⅥ',
      '12345\u0000',
      '12345\ud835',
      "123456' OR 1=1",
    ]) {
      assert.equal(readCode(typed, 6), undefined, JSON.stringify(typed))
    }
  })

  test('has just the digits asked for', () => {
    assert.equal(readCode('12345', 6), undefined)
    assert.equal(readCode('1234567', 6), undefined)
    assert.equal(readCode('12345678', [6, 8]), '12345678')
    assert.equal(readCode('123456', [6, 8]), '123456')
    assert.equal(readCode('1234567', [6, 8]), undefined)
    assert.equal(readCode('123456', []), undefined)
  })

  test('is not looked for in a long text', () => {
    assert.equal(readCode(`${' '.repeat(58)}123456`, 6), '123456')
    assert.equal(readCode(`${' '.repeat(59)}123456`, 6), undefined)
    assert.equal(readCode('1'.repeat(65), 65), undefined)
  })

  test('is ASCII digits or nothing, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (typed) => {
        const code = readCode(typed, [4, 6, 8])
        assert.ok(code === undefined || /^(\d{4}|\d{6}|\d{8})$/.test(code))
      }),
    )
  })
})
