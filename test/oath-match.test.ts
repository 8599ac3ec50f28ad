import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LOOK_AHEAD, type Matching, matchingCounter, placeOf } from '../src/core/methods/oath/match.ts'
import { findResync, RESYNC_WITHIN } from '../src/core/methods/oath/resync.ts'
import type { Place } from '../src/core/methods/oath/token.ts'
import { hotp } from '../src/protocols/hotp.ts'
import { stepAt } from '../src/protocols/totp.ts'

/** RFC 4226 appendix D. */
const secret = Buffer.from('12345678901234567890')
const rfc4226 = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
const noon = new Date('2026-11-24T12:00:15Z')

describe('a code by counter', () => {
  test('is found at each counter of RFC 4226, from a token that was never used', () => {
    for (const [counter, code] of rfc4226.entries()) assert.equal(find(code, -1), counter)
  })

  test('is found up to ten presses ahead, and no further', () => {
    for (let ahead = 1; ahead <= LOOK_AHEAD + 3; ahead++) {
      assert.equal(find(codeAt(100 + ahead), 100), ahead <= LOOK_AHEAD ? 100 + ahead : undefined, `${ahead}`)
    }
  })

  test('that was accepted before is found where it stands, not as a new one', () => {
    for (const used of [91, 95, 100]) assert.equal(find(codeAt(used), 100), used)
    assert.equal(find(codeAt(90), 100), undefined)
  })

  test('of two with the same code the newer is found', () => {
    // Found by searching: the first two counters of this secret that are at most ten apart and have one code.
    const [older, newer] = [2_386, 2_394]
    assert.equal(codeAt(older), codeAt(newer))
    assert.equal(find(codeAt(older), older - 1), newer)
  })

  test('is not found in what is no code of that length', () => {
    for (const typed of ['', '75522', '7552240', 'abcdef', 'é5522']) assert.equal(find(typed, -1), undefined, typed)
  })
})

describe('resynchronising', () => {
  test('a counter: two codes in a row within 1,000 are taken, with a code missing between them not', () => {
    const token = counting(41)
    for (const at of [42, 43, 500, 41 + RESYNC_WITHIN.hotp - 1]) {
      assert.deepEqual(resync(token, codeAt(at), codeAt(at + 1)), { first: at, last: at + 1, drift: 0 })
      assert.equal(resync(token, codeAt(at), codeAt(at + 2)), undefined)
      assert.equal(resync(token, codeAt(at + 1), codeAt(at)), undefined)
    }
    const beyond = 41 + RESYNC_WITHIN.hotp
    assert.equal(resync(token, codeAt(beyond), codeAt(beyond + 1)), undefined)
  })

  test('a counter: neither code may have been accepted before', () => {
    const token = counting(41)
    assert.equal(resync(token, codeAt(41), codeAt(42)), undefined)
    assert.equal(resync(token, codeAt(40), codeAt(41)), undefined)
    assert.equal(resync(token, codeAt(0), codeAt(1)), undefined)
  })

  test('a clock: the drift is found to either side, and codes are then looked for around it', () => {
    const present = stepAt(noon, 30)
    for (const drift of [-RESYNC_WITHIN.totp + 1, -7, 0, 1, 44, RESYNC_WITHIN.totp]) {
      const found = resync(timed(0), codeAt(present + drift - 1), codeAt(present + drift))
      assert.deepEqual(found, { first: present + drift - 1, last: present + drift, drift })

      const there = { first: present + drift, last: present + drift, drift }
      const seen = { secret, typed: codeAt(present + drift), window: 0, now: noon }
      assert.deepEqual(placeOf(timed(0, drift), seen), there)
    }
    const beyond = present + RESYNC_WITHIN.totp + 1
    assert.equal(resync(timed(0), codeAt(beyond - 1), codeAt(beyond)), undefined)
  })

  test('a clock: a code that signed in is refused as the first and as the second (CVE-2019-12887)', () => {
    const present = stepAt(noon, 30)
    const token = timed(present)
    assert.equal(resync(token, codeAt(present), codeAt(present + 1)), undefined)
    assert.equal(resync(token, codeAt(present - 1), codeAt(present)), undefined)
    assert.equal(resync(token, codeAt(present), codeAt(present)), undefined)
    assert.ok(resync(token, codeAt(present + 1), codeAt(present + 2)))
  })

  test('codes are read however they are spelled, and what is no code is found nowhere', () => {
    const token = counting(3)
    assert.equal(resync(token, '12345', codeAt(6)), undefined)
    assert.equal(resync(token, codeAt(5), `+${codeAt(6)}`), undefined)
    assert.ok(resync(token, ` ${codeAt(5).slice(0, 3)} ${codeAt(5).slice(3)}`, codeAt(6)))
  })
})

function codeAt(counter: number): string {
  return hotp({ secret, counter, algorithm: 'SHA1', digits: 6 })
}

function find(code: string, last: number): number | undefined {
  return matchingCounter({ secret, code, last, lookAhead: LOOK_AHEAD, algorithm: 'SHA1', digits: 6 })
}

const common = { algorithm: 'SHA1', digits: 6 } as const

function counting(last: number): Matching {
  return { ...common, kind: 'hotp', last }
}

function timed(last: number, drift = 0): Matching {
  return { ...common, kind: 'totp', period: 30, drift, last }
}

function resync(token: Matching, first: string, second: string): Place | undefined {
  return findResync(token, { secret, codes: [first, second], now: noon })
}
