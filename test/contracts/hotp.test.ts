import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type HotpStore, judgeHotpCode } from '../../src/core/methods/oath/hotp-token.ts'
import { hotp } from '../../src/protocols/hotp.ts'
import { migrate } from '../../src/storage/migrate.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { tokenStore } from '../../src/storage/token-store.ts'
import { places } from './dialects.ts'

const secret = Buffer.from('12345678901234567890')
const now = new Date('2026-11-24T12:00:00Z')

for (const [dialect, place] of places) {
  describe(`codes by counter, on ${dialect}`, () => {
    test('50 racing with one code: exactly one is right, over two nodes', async () => {
      const { judge, lastCounter } = await world()
      const verdicts = await Promise.all(Array.from({ length: 50 }, (_, i) => judge(codeAt(7), i % 2)))
      assert.equal(verdicts.filter((each) => each === 'right').length, 1)
      assert.equal(verdicts.filter((each) => each === 'replayed').length, 49)
      assert.equal(await lastCounter(), 7)
    })

    test('50 racing with codes of ten counters: what was passed over is never accepted', async () => {
      const { judge, lastCounter } = await world()
      const verdicts = await Promise.all(Array.from({ length: 50 }, (_, i) => judge(codeAt(i % 10), i % 2)))
      assert.equal(await lastCounter(), 9)
      assert.ok(verdicts.filter((each) => each === 'right').length <= 10)
      for (let counter = 0; counter < 10; counter++) assert.equal(await judge(codeAt(counter)), 'replayed')
      assert.equal(await judge(codeAt(10)), 'right')
    })

    test('a code is right however it is spelled, once; a code far ahead and another token are wrong or gone', async () => {
      const { judge } = await world()
      assert.equal(await judge(codeAt(20)), 'wrong')
      assert.equal(await judge(` ${codeAt(3).slice(0, 3)}-${codeAt(3).slice(3)}`), 'right')
      assert.equal(await judge(codeAt(3)), 'replayed')
      assert.equal(await judge(codeAt(2)), 'replayed')
      assert.equal(await judge(`+${codeAt(4)}`), 'wrong')
      assert.equal(await judge(codeAt(4), 0, 'nobody'), 'gone')
    })
  })

  /** A token that was never used, and two nodes. */
  async function world() {
    const { connect } = await place()
    const nodes = [connect(), connect()] as const
    const [database] = nodes
    await migrate({ database, clock: { now: () => now } })
    await database.write(async (tx) => {
      await tx.rows(sql`INSERT INTO users (id, directory, username, username_key, created_at)
        VALUES ('ada', 'local', 'ada', 'ada', 0)`)
      await tx.rows(sql`INSERT INTO oath_token (id, user_id, sealed_secret, algorithm, digits, period, last_step, added_at)
        VALUES ('t', 'ada', 'sealed', 'SHA1', 6, 30, -1, 0)`)
    })
    const stores = nodes.map(counterStore)
    return {
      judge: (typed: string, node = 0, userId = 'ada') => {
        const tokens = stores[node]
        assert.ok(tokens)
        return judgeHotpCode({ tokens, sealing }, { userId, typed, now })
      },
      lastCounter: async () => (await tokenStore(database).findOf('ada'))?.lastStep,
    }
  }
}

const sealing = { seal: () => '', open: () => secret, mac: () => '', macMatches: () => false }

/** The column of the last step has the last counter: it is spent by the same statement. */
function counterStore(database: Database): HotpStore {
  return {
    async findOf(userId) {
      const token = await tokenStore(database).findOf(userId)
      return token && { ...token, lastCounter: token.lastStep }
    },
    spendCounter: (id, counter, at) => database.write((tx) => tokenStore(tx).spendStep(id, counter, at)),
  }
}

function codeAt(counter: number): string {
  return hotp({ secret, counter, algorithm: 'SHA1', digits: 6 })
}
