import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Secret } from '../src/core/secrets/secret.ts'
import type { Reached } from '../src/outbound/directory/radius-carrier.ts'
import { radiusLiveness } from '../src/outbound/directory/radius-liveness.ts'
import { radiusPulse } from '../src/outbound/directory/radius-pulse.ts'
import { silent } from './engine.ts'

const [one, other] = ['radius1', 'radius2'].map((host) => ({ host, port: 1812, secret: new Secret('secret') }))
assert.ok(one && other)

test('a server is asked once it has answered somebody, and then before each request; the first time that it is silent it is lost', async (t) => {
  const { pulse, says, order, count } = world(t)
  assert.equal(await pulse.isFelt(one), true)
  assert.equal(count(), 0)
  pulse.heard(one)
  await settled()
  assert.equal(count(), 1)
  assert.equal(await pulse.isFelt(one), true)
  says(one, 'silent')
  assert.equal(await pulse.isFelt(one), false)
  assert.equal(order(), 'radius2 radius1')
  assert.equal(count(), 3)
  assert.equal(await pulse.isFelt(one), false)
  assert.equal(count(), 3, 'nobody waits for what is known')
})

test('one that is lost comes back as soon as it answers, and not by its time alone', async (t) => {
  const { pulse, says, order, after, at } = world(t)
  pulse.heard(one)
  await settled()
  says(one, 'silent')
  await pulse.isFelt(one)
  at(3_000_000)
  await after(5_000)
  assert.equal(order(), 'radius2 radius1')
  says(one, 'answered')
  await after(5_000)
  assert.equal(order(), 'radius1 radius2')
  assert.equal(await pulse.isFelt(one), true)
})

test('one that never answered the question is asked for sign-ins all the same, and is asked the question again after an hour', async (t) => {
  const { pulse, liveness, says, order, after, at, count } = world(t)
  says(one, 'silent')
  for (let i = 0; i < 3; i++) {
    pulse.heard(one)
    await settled()
    assert.equal(await pulse.isFelt(one), true)
  }
  assert.equal(count(), 1)
  at(3_600_000)
  pulse.heard(one)
  await settled()
  assert.equal(count(), 2)

  liveness.watch(one, true).end('silent')
  pulse.unheard(one)
  await after(5_000)
  assert.equal(order(), 'radius2 radius1')
  at(3_660_000)
  assert.equal(order(), 'radius1 radius2')
})

test('one that answers the question and leaves sign-ins unanswered rests for its time', async (t) => {
  const { pulse, liveness, order, after, at } = world(t)
  pulse.heard(one)
  await settled()
  liveness.watch(one, true).end('silent')
  pulse.unheard(one)
  await settled()
  await after(5_000)
  assert.equal(order(), 'radius2 radius1')
  at(60_000)
  assert.equal(order(), 'radius1 radius2')
})

test('one that answers sign-ins and the question no more is asked for sign-ins again', async (t) => {
  const { pulse, liveness, says, order, at } = world(t)
  pulse.heard(one)
  await settled()
  says(one, 'silent')
  assert.equal(await pulse.isFelt(one), false)
  pulse.heard(one)
  liveness.watch(one, true).end('heard')
  await settled()
  assert.equal(await pulse.isFelt(one), true)
  assert.equal(order(), 'radius1 radius2')
  at(59_000)
  assert.equal(await pulse.isFelt(one), true)
})

test('all who come at once share one question', async (t) => {
  const { pulse, count } = world(t)
  pulse.heard(one)
  await settled()
  assert.deepEqual(await Promise.all([one, other, one, one].map((server) => pulse.isFelt(server))), [
    true,
    true,
    true,
    true,
  ])
  assert.equal(count(), 2)
})

function world(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 0
  let asked = 0
  const answers = new Map<object, Reached>()
  const clock = { now: () => new Date(now) }
  const liveness = radiusLiveness({ restMs: 60_000, overdueMs: 600 }, clock)
  const reach = async (server: object) => {
    asked++
    return answers.get(server) ?? 'answered'
  }
  return {
    liveness,
    pulse: radiusPulse({ reach, liveness, clock, log: silent, lookMs: 5_000 }),
    says: (server: object, reached: Reached) => answers.set(server, reached),
    order: () =>
      liveness
        .inOrder([one, other].filter((server) => server !== undefined))
        .map(({ host }) => host)
        .join(' '),
    count: () => asked,
    after: async (ms: number) => {
      t.mock.timers.tick(ms)
      await settled()
    },
    at: (ms: number) => {
      now = ms
    },
  }
}

/** What was begun and is waited for by nobody has come to its end. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((turn) => setImmediate(turn))
}
