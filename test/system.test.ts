import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { validate, version } from 'uuid'
import { systemClock, systemIds, systemRandom } from '../src/system.ts'

const noon = Date.parse('2026-01-01T12:00:00Z')

describe('identifiers', () => {
  test('are UUIDs of version 7 that begin with their time', () => {
    const { next } = world()
    const id = next()

    assert.ok(validate(id))
    assert.equal(version(id), 7)
    assert.equal(timeOf(id), noon)
  })

  test('grow strictly, many in a millisecond and when the clock is set back', () => {
    const { next, at } = world()
    const made: string[] = []
    for (const time of [noon, noon + 1, noon - 3_600_000, noon + 1, noon + 2]) {
      at(time)
      for (let i = 0; i < 2_000; i++) made.push(next())
    }

    assert.deepEqual(made, made.toSorted())
    assert.equal(new Set(made).size, made.length)
  })

  test('do not run ahead of the clock, however many a millisecond has', () => {
    const { next } = world()
    const made = Array.from({ length: 2_000 }, next)

    assert.deepEqual([...new Set(made.map(timeOf))], [noon])
  })

  test('grow on when the counter of a millisecond is used up', () => {
    // A counter that begins three before its end.
    const { next } = world({ below: () => 2 ** 32 - 4 })
    const made = Array.from({ length: 10 }, next)

    assert.deepEqual(made, made.toSorted())
    assert.equal(new Set(made).size, made.length)
  })

  test('of two processes in one millisecond are not the same', () => {
    const [one, other] = [world(), world()]
    assert.notEqual(one.next(), other.next())
  })
})

describe('the system\u2019s randomness', () => {
  test('gives as many bytes as asked for, not the same twice', () => {
    assert.equal(systemRandom.bytes(16).length, 16)
    assert.equal(systemRandom.bytes(0).length, 0)
    assert.notDeepEqual(systemRandom.bytes(16), systemRandom.bytes(16))
  })

  test('gives every whole number from 0 to below the end', () => {
    const seen = new Set(Array.from({ length: 1_000 }, () => systemRandom.below(10)))
    assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.equal(systemRandom.below(1), 0)
  })
})

describe('the system\u2019s clock', () => {
  test('gives a moment of one\u2019s own', () => {
    const [one, other] = [systemClock.now(), systemClock.now()]
    assert.notEqual(one, other)
    assert.ok(other.getTime() >= one.getTime())
  })
})

/** The first 48 bits (RFC 9562 section 5.7). */
function timeOf(id: string) {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

/** Noon, until the clock is set. */
function world({ below = systemRandom.below } = {}) {
  let now = noon
  const ids = systemIds({ now: () => new Date(now) }, { ...systemRandom, below })
  return {
    next: () => ids.next(),
    at(time: number) {
      now = time
    },
  }
}
