import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { serviceAccountCheck } from '../src/core/service-accounts/service-account.ts'
import { paces } from '../src/core/throttle/throttle.ts'
import { serviceAccountStore } from '../src/storage/service-account-store.ts'
import { sql } from '../src/storage/sql/query.ts'
import { throttleStore } from '../src/storage/throttle-store.ts'
import { dialects } from './contracts/dialects.ts'
import { handClock, noon } from './engine.ts'

const place = '192.0.2.7'
const { free } = paces.serviceAccount

for (const [dialect, open] of dialects) {
  describe(`a service account's password, on ${dialect}`, () => {
    test('is hashed once, and again once a new one was set', async () => {
      const { check, hashed, set } = await world()

      for (let i = 0; i < 5; i++) assert.equal(await check('portal', 'right', place), true)
      assert.deepEqual(hashed, ['right'])

      await set('new one')
      assert.equal(await check('portal', 'right', place), false)
      assert.equal(await check('portal', 'new one', place), true)
      assert.deepEqual(hashed, ['right', 'right', 'new one'])
    })

    test('can be guessed some times, then no guess is even looked at until time has passed', async () => {
      const { check, hashed, clock } = await world()

      for (let i = 0; i < free + 5; i++) assert.equal(await check('portal', `guess ${i}`, place), false)
      assert.equal(await check('portal', 'right', place), false, 'nor the right one')
      assert.equal(hashed.length, free)

      clock.advance(1)
      assert.equal(await check('portal', 'right', place), true)
    })

    test('that is known already is never held up by guesses, nor one from elsewhere', async () => {
      const { check } = await world()
      await check('portal', 'right', place)

      for (let i = 0; i < free + 5; i++) await check('portal', `guess ${i}`, place)

      assert.equal(await check('portal', 'right', place), true)
    })

    test('from elsewhere is not held up by guesses', async () => {
      const { check } = await world()

      for (let i = 0; i < free + 5; i++) await check('portal', `guess ${i}`, place)

      assert.equal(await check('portal', 'right', '192.0.2.8'), true)
    })

    test('costs the same work for names that are none, of any shape', async () => {
      const { check, hashed } = await world()

      for (const name of ['nobody', '', 'a\0b', 'x'.repeat(10_000), "' OR 1=1 --"])
        assert.equal(await check(name, 'right', place), false)

      assert.equal(hashed.length, 5)
    })

    test('guessed under ever new names from one address comes to an end', async () => {
      const { check, hashed } = await world()

      for (let i = 0; i < 100; i++) await check(`name-${i}`, 'guess', place)

      assert.equal(hashed.length, paces.serviceAccountsFrom.free)
    })

    test('asked for many times at once, as a portal does of a restarted engine, is one try and one hash', async () => {
      const { check, hashed, throttled } = await world()

      const all = await Promise.all(Array.from({ length: 50 }, () => check('portal', 'right', place)))

      assert.ok(all.every((isRight) => isRight))
      assert.equal(hashed.length, 1)
      assert.deepEqual(await throttled(), [])
    })

    test('costs no try when it could not be looked at', async () => {
      const { check, throttled, fail } = await world()
      fail(new Error('full'))

      for (let i = 0; i < free + 5; i++) await assert.rejects(check('portal', 'right', place), { message: 'full' })
      assert.deepEqual(await throttled(), [])

      fail(undefined)
      assert.equal(await check('portal', 'right', place), true)
    })
  })

  /** The account `portal` with the password `right`, at noon; hashes are plain and counted. */
  async function world() {
    const database = await open()
    const accounts = serviceAccountStore(database)
    const set = (password: string) =>
      database.write((tx) => serviceAccountStore(tx).put({ name: 'portal', passwordHash: password }, noon))
    await set('right')
    const clock = handClock()
    const hashed: string[] = []
    let failing: Error | undefined
    const check = serviceAccountCheck({
      serviceAccounts: accounts,
      write: (unit) => database.write((tx) => unit({ throttle: throttleStore(tx) })),
      hasher: {
        async verify(password, stored) {
          if (failing) throw failing
          hashed.push(password)
          return password === stored
        },
      },
      sealing: {
        seal: assert.fail,
        open: assert.fail,
        mac: (...parts) => JSON.stringify(parts),
        macMatches: (mac, ...parts) => mac === JSON.stringify(parts),
      },
      floor: async (work) => (await work()).value,
      clock,
    })
    return {
      check,
      hashed,
      clock,
      set,
      fail: (error: Error | undefined) => {
        failing = error
      },
      throttled: () => database.rows(sql`SELECT key FROM throttle WHERE spent > 0`),
    }
  }
}
