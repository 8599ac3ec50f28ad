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

describe('one-time passwords are the same as those of oathtool', {
  skip: existsSync(OATHTOOL) ? false : `${OATHTOOL} is not installed`,
}, () => {
  test('by counter, ten in a row', () => {
    fc.assert(
      fc.property(secrets, fc.integer({ min: 0, max: 2 ** 40 }), digitCounts, (secret, counter, digits) => {
        const theirs = oathtool(secret, ['--hotp', `--counter=${counter}`, `--digits=${digits}`, '--window=9'])
        const ours = tenFrom(counter).map((counter) => hotp({ secret, counter, algorithm: 'SHA1', digits }))
        assert.deepEqual(ours, theirs)
      }),
      { numRuns: 5 },
    )
  })

  test('by time, ten in a row, with every hash', () => {
    fc.assert(
      fc.property(secrets, seconds, algorithms, digitCounts, periods, (secret, second, algorithm, digits, period) => {
        const at = new Date(second * 1000)
        const options = [`--totp=${algorithm}`, `--time-step-size=${period}s`, `--digits=${digits}`, '--window=9']
        const theirs = oathtool(secret, [...options, `--now=${at.toISOString().replace(/[TZ]|\.000/g, ' ')} UTC`])
        const ours = tenFrom(stepAt(at, period)).map((step) => totp({ secret, step, algorithm, digits }))
        assert.deepEqual(ours, theirs)
      }),
      { numRuns: 12 },
    )
  })
})

function theirSecret(bytes: Uint8Array) {
  return others.Secret.fromHex(Buffer.from(bytes).toString('hex'))
}

function tenFrom(first: number) {
  return Array.from({ length: 10 }, (_, i) => first + i)
}

/** The secret goes in by base 32, so that it is compared too. */
function oathtool(secret: Uint8Array, options: string[]) {
  const printed = execFileSync(OATHTOOL, [...options, '--base32', '-'], { input: toBase32(secret), encoding: 'utf8' })
  return printed.trim().split('\n')
}
