import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { choosePin, type PinPolicy, verifyPin, type Was } from '../../src/core/pin/pin.ts'
import type { StoredDataKey } from '../../src/core/secrets/data-keys.ts'
import { openKeyring } from '../../src/core/secrets/keyring.ts'
import { dataKeyStore } from '../../src/storage/data-key-store.ts'
import { pinStore } from '../../src/storage/pin-store.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { handClock } from '../engine.ts'
import { withPeople } from '../people.ts'
import { quickHasher } from '../quick-hasher.ts'
import { migratedPlaces } from './dialects.ts'

const policy: PinPolicy = { minLength: 4, refuseWeak: true, history: 3, expiryDays: 0 }

for (const [dialect, place] of migratedPlaces) {
  describe(`PINs, on ${dialect}`, () => {
    test('the PIN that was set is right, however it is typed, and no other is', async () => {
      const { set, verify } = await world()
      await set('7306')
      for (const typed of ['7306', '73 06', '７３０６']) assert.equal(await verify(typed), true, typed)
      for (const typed of ['7307', '07306', '73060', '', 'x', '+7306']) assert.equal(await verify(typed), false, typed)
      assert.equal(await verify('7306', 'bob'), false)
      assert.equal(await verify('', 'bob'), false)
    })

    test('the database alone does not tell it: nothing of a hash is there to guess at', async () => {
      const { set, pins, hasher, database, clock } = await world()
      await set('7306')
      const pin = await pins.findOf('ada')
      assert.ok(pin)
      assert.match(pin.sealedHash, /^v1\./)
      for (const part of pin.sealedHash.split('.')) {
        const read = Buffer.from(part, 'base64url').toString('latin1')
        assert.ok(!/argon2|7306/.test(part + read))
      }
      // With everything that the database has, under a master key that is not ours.
      const kept: StoredDataKey[] = []
      const stolen = { masterKey: randomBytes(32), store: dataKeyStore(database), random: systemRandom, clock }
      await assert.rejects(openKeyring({ ...stolen, ids: systemIds(clock, systemRandom) }), { code: 'key.wrong' })
      const other = await openKeyring({
        ...stolen,
        store: { all: async () => kept, insert: async (key) => kept.push(key) > 0 },
        ids: systemIds(clock, systemRandom),
      })
      await assert.rejects(verifyPin({ hasher, sealing: other }, pin, '7306'), { code: 'secret.unreadable' })
    })

    test("a PIN that was put into another person's row opens nothing", async () => {
      const { set, verify, database } = await world()
      await set('7306')
      await set('4827', 'any', 'bob')
      await database.write((tx) =>
        tx.rows(
          sql`UPDATE pin SET sealed_hash = (SELECT sealed_hash FROM pin WHERE user_id = 'ada') WHERE user_id = 'bob'`,
        ),
      )
      await assert.rejects(verify('7306', 'bob'), { code: 'secret.unreadable' })
    })

    test('the last ones are refused, the one before them is not, and others may have the same', async () => {
      const { set, problems } = await world()
      const used = ['7306', '4827', '9174', '5093']
      for (const pin of used) await set(pin)
      for (const pin of ['5093', '9174', '4827']) assert.deepEqual(await problems(pin), ['used-before'], pin)
      assert.deepEqual(await problems('7306'), [])
      assert.deepEqual(await problems('5093', { history: 0 }), [])
      assert.deepEqual(await problems('5093', {}, 'bob'), [])
      assert.deepEqual(await problems('1234'), ['run'])
    })

    test('no more of those before are kept than are asked for', async () => {
      const { set, pins, verify } = await world()
      for (const pin of ['7306', '4827', '9174', '5093', '8306', '6094']) await set(pin)
      assert.equal((await pins.recentOf('ada', 100)).length, 4)
      assert.equal(await verify('6094'), true)
      assert.equal(await verify('8306'), false)
    })

    test('it is changed only over the PIN that was proven; an administrator sets it over any', async () => {
      const { set, pins, verify } = await world()
      assert.equal(await set('7306', { id: 'none of hers' }), false)
      assert.equal(await set('7306', 'none'), true)
      assert.equal(await set('4827', 'none'), false)

      const first = await pins.findOf('ada')
      assert.ok(first && !first.mustChange)
      assert.equal(await set('9174', { id: first.id }, 'bob'), false)
      assert.equal(await set('9174', { id: first.id }), true)
      assert.equal(await set('5093', { id: first.id }), false)
      assert.equal(await verify('9174'), true)

      assert.equal(await set('5093', 'any'), true)
      assert.equal((await pins.findOf('ada'))?.mustChange, true)
      assert.equal(await set('5093', 'any', 'nobody'), false)
    })

    for (const was of ['proven', 'none'] as const) {
      test(`of 20 that change it at once over ${was === 'none' ? 'none' : 'the proven one'}, one succeeds`, async () => {
        const { set, pins } = await world()
        if (was === 'proven') await set('7306')
        const proven = await pins.findOf('ada')
        const over: Was = proven ? { id: proven.id } : 'none'
        const done = await Promise.all(Array.from({ length: 20 }, (_, i) => set(`48270${i % 10}9`, over, 'ada', i % 2)))
        assert.equal(done.filter(Boolean).length, 1)
      })
    }

    test('of administrators who set it at once the last one has, and there is one PIN', async () => {
      const { set, database } = await world()
      const done = await Promise.all(Array.from({ length: 10 }, (_, i) => set(`48270${i}9`, 'any', 'ada', i % 2)))
      assert.ok(done.every(Boolean))
      const present = await database.rows(sql`SELECT id FROM pin WHERE user_id = 'ada' AND replaced_at IS NULL`)
      assert.equal(present.length, 1)
    })

    test('it goes with its history, by itself or with its owner', async () => {
      const { set, database, pins } = await world()
      for (const userId of ['ada', 'bob']) for (const pin of ['7306', '4827']) await set(pin, 'any', userId)
      assert.equal(await database.write((tx) => pinStore(tx).removeOf('ada')), true)
      assert.equal(await database.write((tx) => pinStore(tx).removeOf('ada')), false)
      assert.deepEqual(await pins.recentOf('ada', 10), [])
      await database.write((tx) => tx.rows(sql`DELETE FROM users WHERE id = 'bob'`))
      assert.deepEqual(await database.rows(sql`SELECT id FROM pin`), [])
    })
  })

  /** Ada and Bob without PINs, and two nodes. */
  async function world() {
    const { connect } = await place()
    const nodes = [connect(), connect()] as const
    const [database] = nodes
    const clock = handClock()
    await withPeople(database, clock, 'ada', 'bob')
    const ids = systemIds(clock, systemRandom)
    const keys = { masterKey: randomBytes(32), store: dataKeyStore(database), random: systemRandom, ids, clock }
    const sealing = await openKeyring(keys)
    const hasher = quickHasher()
    const pins = pinStore(database)
    const needs = { pins, hasher, sealing, clock, ids }
    const choose = (typed: string, userId: string, changed: Partial<PinPolicy>, mustChange: boolean) =>
      choosePin(needs, { userId, typed, policy: { ...policy, ...changed }, phones: [], mustChange })

    return {
      database,
      pins,
      hasher,
      clock,
      async set(typed: string, was: Was = 'any', userId = 'ada', node = 0): Promise<boolean> {
        const chosen = await choose(typed, userId, { refuseWeak: false, history: 0 }, was === 'any')
        assert.ok(chosen.ok)
        const on = nodes[node] ?? database
        return on.write((tx) => pinStore(tx).replace(chosen.pin, { was, keep: policy.history }))
      },
      verify: async (typed: string, userId = 'ada') => verifyPin({ hasher, sealing }, await pins.findOf(userId), typed),
      async problems(typed: string, changed: Partial<PinPolicy> = {}, userId = 'ada') {
        const chosen = await choose(typed, userId, changed, false)
        return chosen.ok ? [] : chosen.problems
      },
    }
  }
}
