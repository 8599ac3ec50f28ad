import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AppError } from '../../src/core/errors.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { type Options, places } from './dialects.ts'

for (const [dialect, place] of places) {
  describe(`units of work, on ${dialect}`, () => {
    test('a unit that throws is undone, and its neighbours of the same turn are not', async () => {
      const { db, ids, insert } = await world()

      const results = await Promise.allSettled([
        db.write((tx) => tx.rows(insert('before'))),
        db.write(async (tx) => {
          await tx.rows(insert('undone'))
          throw new Error('changed my mind')
        }),
        db.write((tx) => tx.rows(insert('after'))),
      ])

      assert.deepEqual(outcomes(results), ['fulfilled', 'Error: changed my mind', 'fulfilled'])
      assert.deepEqual(await ids(), ['after', 'before'])
    })

    test('a refused statement undoes the whole of its unit, and only that', async () => {
      const { db, ids, insert } = await world({ tokens: ['taken'] })

      const results = await Promise.allSettled([
        db.write((tx) => tx.rows(insert('before'))),
        db.write(async (tx) => {
          await tx.rows(insert('undone'))
          await tx.rows(insert('taken'))
        }),
        db.write((tx) => tx.rows(insert('after'))),
      ])

      assert.deepEqual(statuses(results), ['fulfilled', 'rejected', 'fulfilled'])
      assert.deepEqual(await ids(), ['after', 'before', 'taken'])
    })

    test('a unit that catches the refusal of a statement is undone and rejected all the same', async () => {
      const { db, ids, insert } = await world({ tokens: ['taken'] })

      await assert.rejects(
        db.write(async (tx) => {
          await tx.rows(insert('undone'))
          await tx.rows(insert('taken')).catch(() => {})
          return 'fine'
        }),
      )

      assert.deepEqual(await ids(), ['taken'])
    })

    test('a constraint that is looked at when committing undoes only the unit at fault', async () => {
      const { db, insert, ids } = await world()

      const results = await Promise.allSettled([
        db.write((tx) => tx.rows(insert('before'))),
        db.write((tx) => tx.rows(sql`INSERT INTO token (id, last_step, parent) VALUES ('orphan', 0, 'nobody')`)),
        db.write((tx) => tx.rows(insert('after'))),
      ])

      assert.deepEqual(statuses(results), ['fulfilled', 'rejected', 'fulfilled'])
      assert.deepEqual(await ids(), ['after', 'before'])
    })

    test('what was acknowledged is committed: another connection sees it', async () => {
      const { db, other, insert } = await world()

      const writes = Array.from({ length: 30 }, async (_, i) => {
        const id = `n${i}`
        await db.write((tx) => tx.rows(insert(id)))
        const seen = await other.rows(sql`SELECT id FROM token WHERE id = ${id}`)
        return seen.length
      })

      assert.deepEqual(await Promise.all(writes), Array(30).fill(1))
    })

    test('reads outside a unit see only what is committed; reads inside see their own writes', async () => {
      const { db, ids, insert } = await world({ tokens: ['old'] })

      const seen = await db.write(async (tx) => {
        await tx.rows(insert('new'))
        return { inside: (await tx.rows(sql`SELECT id FROM token`)).length, outside: await ids() }
      })

      assert.deepEqual(seen, { inside: 2, outside: ['old'] })
      assert.deepEqual(await ids(), ['new', 'old'])
    })

    test('outside of units nothing is written', async () => {
      const { db, insert, ids } = await world()

      await assert.rejects(db.rows(insert('stray')))

      assert.deepEqual(await ids(), [])
    })

    test('of 50 that race to spend one step exactly one does, on two nodes as well', async () => {
      const { db, other } = await world({ tokens: ['t'] })

      for (let step = 1; step <= 10; step++) {
        const spend = (on: Database) =>
          on.write((tx) =>
            tx.rows(sql`UPDATE token SET last_step = ${step} WHERE id = 't' AND last_step < ${step} RETURNING id`),
          )
        const spent = await Promise.all(Array.from({ length: 50 }, (_, i) => spend(i % 2 ? db : other)))
        assert.equal(spent.filter((rows) => rows.length === 1).length, 1)
      }
    })

    test('units that each read and then write lose nothing to each other when the row is locked first', async () => {
      const { db, other } = await world({ tokens: ['t'] })

      const countUp = (on: Database) =>
        on.write(async (tx) => {
          await tx.rows(sql`UPDATE token SET last_step = last_step WHERE id = 't'`)
          const [row] = await tx.rows(sql`SELECT last_step FROM token WHERE id = 't'`)
          await tx.rows(sql`UPDATE token SET last_step = ${Number(row?.last_step) + 1} WHERE id = 't'`)
        })
      await Promise.all(Array.from({ length: 40 }, (_, i) => countUp(i % 2 ? db : other)))

      const [row] = await db.rows(sql`SELECT last_step FROM token`)
      assert.equal(Number(row?.last_step), 40)
    })

    test('a full queue says so at once, does what it took, and takes more later', async () => {
      const { db, insert, ids } = await world({ options: { mostWaiting: 5, connections: 2 } })

      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, i) => db.write((tx) => tx.rows(insert(`n${i}`)))),
      )
      const refused = results.filter((result) => result.status === 'rejected')
      await db.write((tx) => tx.rows(insert('later')))

      assert.ok(refused.length > 0 && refused.length < 40, `${refused.length} of 40 refused`)
      assert.deepEqual(new Set(refused.map((result) => (result.reason as AppError).code)), new Set(['queue.full']))
      assert.equal((await ids()).length, 40 - refused.length + 1)
    })

    test('the handle of a unit is good for nothing once the unit has ended', async () => {
      const { db, insert, ids } = await world()

      const tx = await db.write(async (tx) => tx)

      await assert.rejects(tx.rows(insert('straggler')), { message: 'This unit of work has ended.' })
      assert.deepEqual(await ids(), [])
    })

    test('every kind of value comes back as it went in', async () => {
      const { db } = await world()
      const bytes = Uint8Array.of(0, 255, 39, 59)
      const text = `'; DROP TABLE token; -- $1 ? é 🔑`

      await db.write((tx) =>
        tx.rows(sql`INSERT INTO token (id, last_step, secret) VALUES (${text}, ${1_767_268_800_000n}, ${bytes})`),
      )

      const [row] = await db.rows(sql`SELECT id, last_step, secret, parent FROM token WHERE id = ${text}`)
      assert.equal(row?.id, text)
      assert.equal(Number(row?.last_step), 1_767_268_800_000)
      assert.deepEqual(Buffer.from(row?.secret as Uint8Array), Buffer.from(bytes))
      assert.equal(row?.parent, null)
    })

    test('closing waits for what is under way and turns away what comes later', async () => {
      const { db, other, insert } = await world()

      const writes = Promise.all(Array.from({ length: 20 }, (_, i) => db.write((tx) => tx.rows(insert(`n${i}`)))))
      await db.ping()
      await Promise.all([db.close(), db.close()])
      await writes

      assert.equal((await other.rows(sql`SELECT id FROM token`)).length, 20)
      await assert.rejects(
        db.write((tx) => tx.rows(insert('late'))),
        { code: 'database.unreachable' },
      )
    })
  })

  /** Two nodes on one database with a table of tokens, each at step 0. */
  async function world({ tokens = [] as string[], options = {} as Options } = {}) {
    const { connect } = await place()
    const db = connect(options)
    const other = connect()
    const insert = (id: string) => sql`INSERT INTO token (id, last_step) VALUES (${id}, 0)`

    const bytes = db.dialect === 'sqlite' ? 'blob' : 'bytea'
    await db.alter(async (tx) => {
      await tx.script(`
        CREATE TABLE token (id text PRIMARY KEY, last_step bigint NOT NULL, secret ${bytes},
          parent text REFERENCES token DEFERRABLE INITIALLY DEFERRED);`)
      for (const id of tokens) await tx.rows(insert(id))
    })
    const ids = async () => (await db.rows(sql`SELECT id FROM token ORDER BY id`)).map((row) => String(row.id))
    return { db, other, insert, ids }
  }
}

function statuses(results: PromiseSettledResult<unknown>[]): string[] {
  return results.map((result) => result.status)
}

function outcomes(results: PromiseSettledResult<unknown>[]): string[] {
  return results.map((result) => (result.status === 'rejected' ? String(result.reason) : result.status))
}
