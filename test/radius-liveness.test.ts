import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Secret } from '../src/core/secrets/secret.ts'
import { radiusLiveness } from '../src/outbound/directory/radius-liveness.ts'

const first = { host: 'radius1', port: 1812, secret: new Secret('secret') }
const second = { ...first, host: 'radius2' }

test('once a request has waited to the end, those who have another server to ask leave, and the silent one comes last for a while', (t) => {
  const { watch, order, at } = world(t)
  const [one, other, only] = [watch(first, true), watch(first, true), watch(first, false)]
  one.end('silent')
  assert.deepEqual([other.silent.aborted, only.silent.aborted], [true, false])
  assert.equal(order(), 'radius2 radius1')
  other.end('left')
  only.end('left')
  assert.equal(order(), 'radius2 radius1')
  at(60_000)
  assert.equal(order(), 'radius1 radius2')
})

test('a server that answered others meanwhile is not silent', (t) => {
  const { watch, order } = world(t)
  const [tapping, quick, next] = [watch(first, true), watch(first, true), watch(first, true)]
  quick.end('heard')
  tapping.end('silent')
  assert.equal(next.silent.aborted, false)
  assert.equal(order(), 'radius1 radius2')
})

test('an answer to another that came before this one was overdue is no sign of life any more', (t) => {
  const { watch, order, after } = world(t)
  const [waiting, quick] = [watch(first, true), watch(first, true)]
  quick.end('heard')
  after(600)
  assert.equal(order(), 'radius1 radius2')
  waiting.end('silent')
  assert.equal(order(), 'radius2 radius1')
})

test('while a request is overdue and nothing is heard others go elsewhere first, until something is', (t) => {
  const { watch, order, after } = world(t)
  const waiting = watch(first, true)
  after(599)
  assert.equal(order(), 'radius1 radius2')
  after(1)
  assert.equal(order(), 'radius2 radius1')
  const quick = watch(first, true)
  quick.end('heard')
  assert.equal(order(), 'radius1 radius2')
  waiting.end('left')
})

test('one that was left leaves nothing behind, one that rests is asked after one that is slow, and an answer ends the rest', (t) => {
  const { watch, order, after } = world(t)
  const leaving = watch(first, true)
  after(600)
  leaving.end('left')
  assert.equal(order(), 'radius1 radius2')

  watch(first, true).end('failed')
  const slow = watch(second, true)
  after(600)
  assert.equal(order(), 'radius2 radius1')
  slow.end('heard')
  watch(first, true).end('heard')
  assert.equal(order(), 'radius1 radius2')
})

function world(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  const liveness = radiusLiveness({ restMs: 60_000, overdueMs: 600 }, { now: () => new Date(now) })
  return {
    watch: liveness.watch,
    order: () =>
      liveness
        .inOrder([first, second])
        .map(({ host }) => host)
        .join(' '),
    after: (ms: number) => t.mock.timers.tick(ms),
    at: (ms: number) => {
      now = ms
    },
  }
}
