import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hotp } from '../../src/protocols/hotp.ts'

/** RFC 4226 appendix D. */
const secret = Buffer.from('12345678901234567890')
const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']

describe('an event-based one-time password', () => {
  for (const [counter, code] of codes.entries()) {
    test(`of counter ${counter} is the RFC's`, () => {
      assert.equal(hotp({ secret, counter, algorithm: 'SHA1', digits: 6 }), code)
    })
  }

  test('has as many digits as asked for, of the same number', () => {
    // Appendix D, truncated value of counter 0: 1284755224.
    assert.equal(hotp({ secret, counter: 0, algorithm: 'SHA1', digits: 8 }), '84755224')
  })

  test('keeps its leading zeros', () => {
    const lengths = new Set<number>()
    const first = new Set<string>()
    for (let counter = 0; counter < 200; counter++) {
      const code = hotp({ secret, counter, algorithm: 'SHA256', digits: 6 })
      lengths.add(code.length)
      first.add(code.charAt(0))
    }
    assert.deepEqual([...lengths], [6])
    assert.ok(first.has('0'))
  })

  test('needs a counter that is one', () => {
    for (const counter of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => hotp({ secret, counter, algorithm: 'SHA1', digits: 6 }), RangeError, String(counter))
    }
  })
})
