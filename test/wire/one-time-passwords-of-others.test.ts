import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import * as others from 'otpauth'
import { toBase32 } from '../../src/protocols/base32.ts'
import { hotp } from '../../src/protocols/hotp.ts'
import { matchingStep, stepAt, totp } from '../../src/protocols/totp.ts'

const OATHTOOL = '/usr/bin/oathtool'

const secrets = fc.uint8Array({ minLength: 10, maxLength: 64 })
const algorithms = fc.constantFrom('SHA1', 'SHA256', 'SHA512')
const digitCounts = fc.constantFrom(6, 8)
const periods = fc.constantFrom(15, 30, 60)
const counters = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 2 ** 48 }))
const seconds = fc.integer({ min: 120, max: 20_000_000_000 })

describe('one-time passwords are the same as those of the library otpauth', () => {
  test('by counter, in 5,000 cases', () => {
    fc.assert(
      fc.property(secrets, counters, algorithms, digitCounts, (secret, counter, algorithm, digits) => {
        const theirs = others.HOTP.generate({ secret: theirSecret(secret), counter, algorithm, digits })
        assert.equal(hotp({ secret, counter, algorithm, digits }), theirs)
      }),
      { numRuns: 5_000 },
    )
  })

  test('by time, in 5,000 cases, and found again from a step away', () => {
    fc.assert(
      fc.property(secrets, seconds, algorithms, digitCounts, periods, (secret, second, algorithm, digits, period) => {
        const timestamp = second * 1000
        const code = others.TOTP.generate({ secret: theirSecret(secret), timestamp, period, algorithm, digits })
        const step = stepAt(new Date(timestamp), period)
        assert.equal(totp({ secret, step, algorithm, digits }), code)

        const at = new Date(timestamp + period * 1000)
        const found = matchingStep({ secret, code, at, period, algorithm, digits, window: 1 })
        assert.ok(found !== undefined && found >= step)
      }),
      { numRuns: 5_000 },
    )
  })
})

/** So many at each start of the program, which takes longer than all of them. */
const IN_A_ROW = 200
const STARTS = { hotp: 15, totp: 35 }

describe('one-time passwords are the same as those of oathtool, and of otpauth', {
  skip: existsSync(OATHTOOL) ? false : `${OATHTOOL} is not installed`,
}, () => {
  let compared = 0

  test('by counter', () => {
    fc.assert(
      fc.property(secrets, fc.integer({ min: 0, max: 2 ** 40 }), digitCounts, (secret, first, digits) => {
        const options = ['--hotp', `--counter=${first}`, `--digits=${digits}`]
        const rows = rowFrom(first).map((counter) => ({ secret, counter, algorithm: 'SHA1', digits }) as const)
        compare(oathtool(secret, options), rows)
      }),
      { numRuns: STARTS.hotp, seed: 4226 },
    )
  })

  test('by time, with every hash', () => {
    fc.assert(
      fc.property(secrets, seconds, algorithms, digitCounts, periods, (secret, second, algorithm, digits, period) => {
        const at = new Date(second * 1000)
        const options = [`--totp=${algorithm}`, `--time-step-size=${period}s`, `--digits=${digits}`]
        const now = `--now=${at.toISOString().replace(/[TZ]|\.000/g, ' ')} UTC`
        const rows = rowFrom(stepAt(at, period)).map((step) => ({ secret, counter: step, algorithm, digits }))
        compare(oathtool(secret, [...options, now]), rows)
      }),
      { numRuns: STARTS.totp, seed: 6238 },
    )
  })

  test('in 10,000 cases', (t) => {
    t.diagnostic(`${compared} codes of ours, of oathtool and of otpauth are the same`)
    assert.equal(compared, 10_000)
  })

  function compare(theirs: readonly string[], rows: readonly Parameters<typeof hotp>[0][]): void {
    assert.deepEqual(rows.map(hotp), theirs)
    const of = (row: Parameters<typeof hotp>[0]) => others.HOTP.generate({ ...row, secret: theirSecret(row.secret) })
    assert.deepEqual(rows.map(of), theirs)
    compared += theirs.length
  }
})

function theirSecret(bytes: Uint8Array) {
  return others.Secret.fromHex(Buffer.from(bytes).toString('hex'))
}

function rowFrom(first: number): number[] {
  return Array.from({ length: IN_A_ROW }, (_, i) => first + i)
}

/** The secret goes in by base 32, so that it is compared too. */
function oathtool(secret: Uint8Array, options: readonly string[]): string[] {
  const all = [...options, `--window=${IN_A_ROW - 1}`, '--base32', '-']
  return execFileSync(OATHTOOL, all, { input: toBase32(secret), encoding: 'utf8' })
    .trim()
    .split('\n')
}
