import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { format, inspect } from 'node:util'
import { pino } from 'pino'
import { Secret } from '../src/core/secrets/secret.ts'

const CANARY = 'canary-7f3a'
const secret = new Secret(CANARY)

describe('a secret', () => {
  test('comes out by reveal, whole', () => {
    assert.equal(secret.reveal(), CANARY)
    assert.equal(new Secret('').reveal(), '')
  })

  test('does not show in another text', () => {
    assert.equal(`${secret}`, '[secret]')
    assert.equal(String(secret), '[secret]')
    assert.equal(['a', secret].join(' '), 'a [secret]')
  })

  test('does not show in JSON, at any depth', () => {
    assert.equal(
      JSON.stringify({ key: secret, deep: [{ key: secret }] }),
      '{"key":"[secret]","deep":[{"key":"[secret]"}]}',
    )
  })

  test('does not show when inspected, at any depth and with everything hidden asked for', () => {
    const held = { a: { b: { c: [secret, new Map([[secret, secret]])] } } }
    const shown = inspect(held, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, showProxy: true })

    assert.match(shown, /\[secret\]/)
    assert.doesNotMatch(shown, /canary/)
    assert.doesNotMatch(inspect(secret, { customInspect: false, showHidden: true }), /canary/)
    assert.doesNotMatch(inspect(new Proxy(secret, {}), { showProxy: true }), /canary/)
  })

  test('does not show in any hole of a format', () => {
    for (const hole of ['%s', '%o', '%O', '%j', '%d', '%i', '%f', '']) {
      assert.doesNotMatch(format(hole, secret), /canary/, hole)
      assert.doesNotMatch(format(hole, { held: secret }), /canary/, hole)
    }
  })

  test('does not show on a console', () => {
    const { stream, text } = paper()
    new Console(stream).log('signing in with %s and', secret, { held: secret })

    assert.match(text(), /signing in with \[secret\] and { held: \[secret\] }/)
  })

  test('does not show in the log, as a fact, in a message, inside an error', () => {
    const { stream, text } = paper()
    const log = pino(stream)
    log.info({ key: secret, deep: { list: [secret] } }, 'signing in with %s', secret)
    log.error(Object.assign(new Error(`refused ${secret}`, { cause: secret }), { secret }))

    assert.match(text(), /\[secret\]/)
    assert.doesNotMatch(text(), /canary/)
  })

  test('has nothing to copy or to list', () => {
    assert.deepEqual({ ...secret }, {})
    assert.deepEqual(Reflect.ownKeys(secret), [])
    assert.doesNotMatch(JSON.stringify(structuredClone(secret)), /canary/)
  })
})

/** A stream that remembers what was written to it. */
function paper() {
  let written = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk)
      done()
    },
  })
  return { stream, text: () => written }
}
