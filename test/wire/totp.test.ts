import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { OtpAlgorithm } from '../../src/protocols/hotp.ts'
import { matchingStep, stepAt, totp } from '../../src/protocols/totp.ts'

/** RFC 6238 appendix B, with the seeds of its reference implementation (20, 32 and 64 bytes; erratum 2866). */
const digits = '1234567890'
const secrets: Record<OtpAlgorithm, Buffer> = {
  SHA1: Buffer.from(digits.repeat(2)),
  SHA256: Buffer.from(digits.repeat(4).slice(0, 32)),
  SHA512: Buffer.from(digits.repeat(7).slice(0, 64)),
}
const vectors: [seconds: number, step: number, codes: Record<OtpAlgorithm, string>][] = [
  [59, 0x1, { SHA1: '94287082', SHA256: '46119246', SHA512: '90693936' }],
  [1111111109, 0x23523ec, { SHA1: '07081804', SHA256: '68084774', SHA512: '25091201' }],
  [1111111111, 0x23523ed, { SHA1: '14050471', SHA256: '67062674', SHA512: '99943326' }],
  [1234567890, 0x273ef07, { SHA1: '89005924', SHA256: '91819424', SHA512: '93441116' }],
  [2000000000, 0x3f940aa, { SHA1: '69279037', SHA256: '90698825', SHA512: '38618901' }],
  [20000000000, 0x27bc86aa, { SHA1: '65353130', SHA256: '77737706', SHA512: '47863826' }],
]

describe('a time-based one-time password', () => {
  for (const [seconds, step, codes] of vectors) {
    test(`at ${seconds} seconds is the RFC's, with all three hashes`, () => {
      assert.equal(stepAt(new Date(seconds * 1000), 30), step)
      for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
        assert.equal(totp({ secret: secrets[algorithm], step, algorithm, digits: 8 }), codes[algorithm], algorithm)
      }
    })
  }

  test('changes at the end of its period, not before', () => {
    assert.equal(stepAt(new Date(29_999), 30), 0)
    assert.equal(stepAt(new Date(30_000), 30), 1)
    assert.equal(stepAt(new Date(59_999), 60), 0)
  })
})

describe('looking for the step of a code', () => {
  test('finds each step of the window, and none beside it', () => {
    const { now, find, codeOf } = world()
    for (const window of [0, 1, 2, 10]) {
      for (let off = -window - 2; off <= window + 2; off++) {
        const expected = Math.abs(off) <= window ? now + off : undefined
        assert.equal(find(codeOf(now + off), window), expected, `${off} of ±${window}`)
      }
    }
  })

  test('prefers the newest of two steps with the same code', () => {
    const { codeOf, findAt } = world()
    // Found by searching: the first two steps of this secret that are at most two apart and have one code.
    const [older, newer] = [153_567, 153_569]
    assert.equal(codeOf(older), codeOf(newer))

    assert.equal(findAt(older + 1, codeOf(older), 1), newer)
    assert.equal(findAt(older, codeOf(older), 1), older)
  })

  test('finds nothing for what is no code of that length', () => {
    const { now, find, codeOf } = world()
    const code = codeOf(now)
    for (const typed of [
      '',
      code.slice(1),
      `${code}0`,
      ` ${code}`,
      `${code} `,
      `+${code}`,
      'abcdef',
      'é12345',
      '１２３',
    ]) {
      assert.equal(find(typed, 1), undefined, typed)
    }
    assert.equal(find(totp8(now), 1), undefined)
  })

  test('works when the clock stands at its beginning', () => {
    const { findAt, codeOf } = world()
    assert.equal(findAt(0, codeOf(0), 1), 0)
    assert.equal(findAt(0, codeOf(1), 1), 1)
    assert.equal(findAt(0, '!!!!!!', 1), undefined)
  })

  test('finds a code at any time, with any hash, period and window', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 10, maxLength: 64 }),
        fc.integer({ min: 10_000_000, max: 4_000_000_000 }),
        fc.constantFrom('SHA1', 'SHA256', 'SHA512'),
        fc.constantFrom(6, 8),
        fc.constantFrom(15, 30, 60),
        fc.integer({ min: -3, max: 3 }),
        (secret, seconds, algorithm, digits, period, off) => {
          const at = new Date(seconds * 1000)
          const step = stepAt(at, period) + off
          const code = totp({ secret, step, algorithm, digits })
          const found = matchingStep({ secret, code, at, period, digits, algorithm, window: 3 })
          assert.ok(found !== undefined && found >= step && totp({ secret, step: found, algorithm, digits }) === code)
        },
      ),
    )
  })
})

function totp8(step: number) {
  return totp({ secret: secrets.SHA1, step, algorithm: 'SHA1', digits: 8 })
}

/** The RFC's seed in a token of six digits and 30 seconds, in the middle of a step. */
function world() {
  const token = { secret: secrets.SHA1, algorithm: 'SHA1', digits: 6 } as const
  const now = stepAt(new Date('2026-01-01T12:00:15Z'), 30)
  const findAt = (step: number, code: string, window: number) =>
    matchingStep({ ...token, code, at: new Date((step * 30 + 15) * 1000), period: 30, window })
  return {
    now,
    codeOf: (step: number) => totp({ ...token, step }),
    findAt,
    find: (code: string, window: number) => findAt(now, code, window),
  }
}
