import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CircuitChange, providersOf } from '../src/core/delivery/providers.ts'
import { sendByFirst } from '../src/core/delivery/send-by-first.ts'
import { AppError } from '../src/core/errors.ts'

const noon = Date.parse('2026-11-24T12:00:00Z')

describe('a provider that is down', () => {
  test('is set aside at its first silence, and asked last', async () => {
    const { send, are, changes, lines } = world()
    are({ a: 'silent' })
    assert.equal(await send(), 'b: a b')
    assert.equal(await send(), 'b: b')
    assert.deepEqual(changes, ['a open'])
    assert.deepEqual(lines, ['A provider is set aside, and asked last until it is back'])
  })

  test('is set aside after three refusals in a row, and not for single ones: those may be of the message', async () => {
    const { send, are, changes } = world()
    for (const so of ['refusing', 'refusing', 'well', 'refusing', 'refusing'] as const) {
      are({ a: so })
      assert.equal(await send(), so === 'well' ? 'a: a' : 'b: a b')
    }
    assert.deepEqual(changes, [])
    assert.equal(await send(), 'b: a b')
    assert.deepEqual(changes, ['a open'])
    assert.equal(await send(), 'b: b')
  })

  test('is tried by one message after its rest, each rest longer, up to two minutes', async () => {
    const { send, are, pass } = world()
    are({ a: 'silent' })
    await send()
    for (const rest of [15, 30, 60, 120, 120]) {
      pass(rest - 1)
      assert.equal(await send(), 'b: b', `before ${rest} s are over`)
      pass(1)
      assert.equal(await send(), 'b: a b', `after ${rest} s`)
      assert.equal(await send(), 'b: b', `by one only, after ${rest} s`)
    }
  })

  test('is tried by one of many that go at once', async () => {
    const { send, are, pass, asked } = world()
    are({ a: 'silent' })
    await send()
    pass(15)
    asked.length = 0
    await Promise.all(Array.from({ length: 20 }, send))
    assert.equal(asked.filter((name) => name === 'a').length, 1)
  })

  test('is used again in its turn once it took a message', async () => {
    const { send, are, pass, changes, lines } = world()
    are({ a: 'silent' })
    await send()
    are({ a: 'well' })
    pass(15)
    assert.equal(await send(), 'a: a')
    assert.equal(await send(), 'a: a')
    assert.deepEqual(changes, ['a open', 'a closed'])
    assert.equal(lines.at(-1), 'A provider takes messages again')
  })

  test('is asked all the same when no other takes the message', async () => {
    const { send, are } = world()
    are({ a: 'silent', b: 'silent' })
    assert.equal(await send(), 'refused: a b')
    are({ a: 'well' })
    assert.equal(await send(), 'a: a')
    are({ a: 'silent' })
    assert.equal(await send(), 'refused: a b')
  })

  test('is not judged by a message whose deadline leaves it less than its time', async () => {
    const { send, are, changes } = world()
    are({ a: 'silent' })
    assert.equal(await send(500), 'b: a b')
    assert.deepEqual(changes, [])
  })
})

type So = 'well' | 'silent' | 'refusing'

/** Providers a and b, in this order, at noon. */
function world() {
  let now = noon
  const clock = { now: () => new Date(now) }
  const lines: string[] = []
  const changes: string[] = []
  const write = (line: string) => void lines.push(line)
  const log = { info: write, warn: write, error() {} }
  const so: Record<string, So> = { a: 'well', b: 'well' }
  const asked: string[] = []
  const senders = ['a', 'b'].map((name) => ({
    name,
    async send() {
      asked.push(name)
      await new Promise((resolve) => setImmediate(resolve))
      if (so[name] === 'silent') throw new AppError('delivery.unreachable')
      if (so[name] === 'refusing') throw new AppError('delivery.failed')
    },
  }))
  const onCircuit = ({ provider, open }: CircuitChange) => changes.push(`${provider} ${open ? 'open' : 'closed'}`)
  const providers = providersOf(senders, { kind: 'text', clock, log, onCircuit })
  return {
    lines,
    changes,
    asked,
    are: (change: Partial<Record<'a' | 'b', So>>) => Object.assign(so, change),
    pass(seconds: number) {
      now += seconds * 1_000
    },
    /** Who took it, and who was asked meanwhile. */
    async send(leftMs = 300_000): Promise<string> {
      const from = asked.length
      const message = { id: 'd1', to: '+12065550100', body: 'Hello' }
      const limits = { deadline: new Date(now + leftMs), sendMs: 1_000, stop: new AbortController().signal }
      const result = await sendByFirst({ providers, clock, log }, { message, ...limits })
      return `${result.outcome === 'sent' ? result.provider : result.outcome}: ${asked.slice(from).join(' ')}`
    },
  }
}
