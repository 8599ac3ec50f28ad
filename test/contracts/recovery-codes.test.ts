import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  matchRecoveryCode,
  newRecoveryCodes,
  type RecoveryCode,
  readRecoveryCode,
} from '../../src/core/recovery/recovery-codes.ts'
import { passwordHasher } from '../../src/core/secrets/password-hash.ts'
import { recoveryCodeStore } from '../../src/storage/recovery-code-store.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { handClock } from '../engine.ts'
import { withPeople } from '../people.ts'
import { quickHasher } from '../quick-hasher.ts'
import { migratedPlaces } from './dialects.ts'

for (const [dialect, place] of migratedPlaces) {
  describe(`recovery codes, on ${dialect}`, () => {
    test('each is right once, however it is typed, in any order', async () => {
      const { make, use, left } = await world()
      const codes = await make('ada', 3)
      const [first = '', second = '', third = ''] = codes
      assert.equal(await use('ada', third), true)
      assert.equal(await use('ada', first.toLowerCase().replaceAll('-', ' ')), true)
      assert.equal(await left('ada'), 1)
      assert.equal(await use('ada', second.replaceAll('1', 'l').replaceAll('0', 'o')), true)
      for (const code of codes) assert.equal(await use('ada', code), false)
      assert.equal(await left('ada'), 0)
    })

    test('50 racing with one code over two nodes: exactly one is let in, and one row is used', async () => {
      const { make, use, database } = await world()
      const [, code = ''] = await make('ada', 10)
      const done = await Promise.all(Array.from({ length: 50 }, (_, i) => use('ada', code, i % 2)))
      assert.equal(done.filter(Boolean).length, 1)
      assert.equal((await database.rows(sql`SELECT id FROM recovery_code WHERE used_at IS NOT NULL`)).length, 1)
    })

    test("another person's code is wrong, and so is one whose row was found out", async () => {
      const { make, use, database, stores } = await world()
      const [code = ''] = await make('ada', 1)
      await make('bob', 1)
      assert.equal(await use('bob', code), false)
      const [row] = await database.rows(sql`SELECT id FROM recovery_code WHERE user_id = 'ada'`)
      const stolen = await database.write((tx) => stores(tx).spend('bob', String(row?.id), new Date(0)))
      assert.equal(stolen, false)
      assert.equal(await use('ada', code), true)
    })

    test('new ones kill the old ones, also one that was just found right', async () => {
      const { make, use, match, database, stores } = await world()
      const [old = '', used = ''] = await make('ada', 10)
      await use('ada', used)
      const matched = await match('ada', old)
      assert.ok(matched)
      const [fresh = ''] = await make('ada', 5)
      assert.equal(await database.write((tx) => stores(tx).spend('ada', matched, new Date(0))), false)
      assert.equal(await use('ada', old), false)
      assert.equal((await database.rows(sql`SELECT id FROM recovery_code`)).length, 5)
      assert.equal(await use('ada', fresh), true)
    })

    test('of sets that are made at once one is left, whole', async () => {
      const { make, use, left } = await world()
      const sets = await Promise.all(Array.from({ length: 8 }, (_, i) => make('ada', 4 + (i % 3), i % 2)))
      const alive = await Promise.all(sets.map((codes) => Promise.all(codes.map((code) => use('ada', code)))))
      const whole = alive.filter((uses) => uses.every(Boolean))
      assert.equal(whole.length, 1)
      assert.equal(alive.filter((uses) => uses.some(Boolean)).length, 1)
      assert.equal(await left('ada'), 0)
    })

    test('the table has no code, only argon2id hashes, each with a salt of its own', async () => {
      const { make, database } = await world(passwordHasher({ random: systemRandom, mostAtOnce: 2, mostWaiting: 50 }))
      const codes = await make('ada', 3)
      const rows = await database.rows(sql`SELECT * FROM recovery_code`)
      const text = JSON.stringify(rows)
      for (const code of codes) assert.ok(!text.includes(code) && !text.includes(code.replaceAll('-', '')))
      const salts = rows.map((row) => /^\$argon2id\$v=19\$[^$]+\$([^$]+)\$/.exec(String(row.hash))?.[1])
      assert.ok(salts.every(Boolean))
      assert.equal(new Set(salts).size, 3)
    })

    test('the same work is done for a right code, a wrong one, a used one, none at all and no such user', async () => {
      let work = 0
      const { make, use } = await world(quickHasher(() => work++))
      const [code = '', other = ''] = await make('ada', 2)
      await use('ada', other)
      for (const [userId, typed] of [
        ['ada', code.replace(/.$/, (last) => (last === '2' ? '3' : '2'))],
        ['ada', other],
        ['ada', 'nonsense'],
        ['ada', ''],
        ['bob', code],
        ['nobody', code],
        ['ada', code],
      ] as const) {
        work = 0
        await use(userId, typed)
        assert.equal(work, 1, `${userId} ${typed}`)
      }
    })

    test('nobody has none, and they go with their owner', async () => {
      const { make, left, database, stores } = await world()
      await make('ada', 3)
      assert.equal(await left('bob'), 0)
      assert.equal(await database.write((tx) => stores(tx).removeOf('bob')), false)
      assert.equal(await database.write((tx) => stores(tx).replaceAll('nobody', [], new Date(0))), false)
      await database.write((tx) => tx.rows(sql`DELETE FROM users WHERE id = 'ada'`))
      assert.deepEqual(await database.rows(sql`SELECT id FROM recovery_code`), [])
    })
  })

  /** Ada and Bob, and two nodes. `use` is what a sign-in does: match, then spend. */
  async function world(hasher = quickHasher()) {
    const { connect } = await place()
    const nodes = [connect(), connect()] as const
    const [database] = nodes
    const clock = handClock()
    await withPeople(database, clock, 'ada', 'bob')
    const ids = systemIds(clock, systemRandom)
    const codes = recoveryCodeStore(database)
    const match = (userId: string, typed: string) => matchRecoveryCode({ codes, hasher }, { userId, typed })

    return {
      database,
      stores: recoveryCodeStore,
      match,
      async make(userId: string, count: number, node = 0): Promise<string[]> {
        const { shown, stored } = await newRecoveryCodes({ hasher, random: systemRandom, ids }, count)
        const on = nodes[node] ?? database
        assert.ok(await on.write((tx) => recoveryCodeStore(tx).replaceAll(userId, stored, clock.now())))
        return shown
      },
      async use(userId: string, typed: string, node = 0): Promise<boolean> {
        const id = await match(userId, typed)
        const on = nodes[node] ?? database
        return id !== undefined && on.write((tx) => recoveryCodeStore(tx).spend(userId, id, clock.now()))
      },
      left: async (userId: string) => (await codes.countOf(userId)).unused,
    }
  }
}

describe('a recovery code', () => {
  test('is 16 letters in groups of four: its place in the set, and 75 random bits', async () => {
    const { shown, stored } = await made(32)
    for (const [i, code] of shown.entries()) {
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
      assert.equal(code[0], '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[i])
    }
    assert.equal(new Set(shown.map((code) => code.slice(1))).size, 32)
    assert.deepEqual(
      stored.map(({ ordinal }: RecoveryCode) => ordinal),
      [...shown.keys()],
    )
    // Every letter turns up in every place: 15 places, 32 letters, some 100 of each.
    const many = await Promise.all(Array.from({ length: 100 }, () => made(32)))
    for (let place = 1; place < 16; place++) {
      const seen = new Set(many.flatMap(({ shown }) => shown.map((code) => code.replaceAll('-', '')[place])))
      assert.equal(seen.size, 32)
    }
  })

  test('is made in sets of 1 to 32', async () => {
    for (const count of [0, 33, 1.5, -1]) await assert.rejects(made(count), RangeError)
  })

  test('is read in any spelling, and nothing else is', () => {
    assert.equal(readRecoveryCode(' 0abc-defg–hjkm nPQ1 '), '0ABCDEFGHJKMNPQ1')
    assert.equal(readRecoveryCode('oABC-DEFG-HJKM-NPQi'), '0ABCDEFGHJKMNPQ1')
    assert.equal(readRecoveryCode('０ABCDEFGHJKMNPQl'), '0ABCDEFGHJKMNPQ1')
    for (const typed of ['', '0ABC-DEFG-HJKM-NPQ', '0ABC-DEFG-HJKM-NPQ11', '0ABC-DEFG-HJKM-NPQU', 'ß'.repeat(8)]) {
      assert.equal(readRecoveryCode(typed), undefined, typed)
    }
    assert.equal(readRecoveryCode(`${' '.repeat(100)}0ABCDEFGHJKMNPQ1`), undefined)
  })
})

function made(count: number) {
  let next = 0
  const ids = { next: () => String(next++) }
  return newRecoveryCodes({ hasher: quickHasher(), random: systemRandom, ids }, count)
}
