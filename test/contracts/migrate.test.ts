import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { migrate } from '../../src/storage/migrate.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { places } from './dialects.ts'

const noon = new Date('2026-01-01T12:00:00Z')
const scratch = mkdtempSync(join(tmpdir(), 'sallyport-migrations-'))
after(() => rmSync(scratch, { recursive: true }))

const PERSON = 'CREATE TABLE person (id text PRIMARY KEY);\nCREATE INDEX person_by_id ON person (id);'
const KEEP_ON_SQLITE = `
  CREATE TRIGGER person_stays BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'a person; stays'); END;
  INSERT INTO person VALUES ('ada;');`
const KEEP_ON_POSTGRES = `
  CREATE FUNCTION person_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a person; stays'; END $$;
  CREATE TRIGGER person_stays BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION person_stays();
  INSERT INTO person VALUES ('ada;');`
const TWO = {
  '0001-person.sql': PERSON,
  '0002-person-stays.sql': KEEP_ON_SQLITE,
  '0002-person-stays.postgres.sql': KEEP_ON_POSTGRES,
}

for (const [dialect, place] of places) {
  describe(`migrations, on ${dialect}`, () => {
    test('each is taken once, in order, in the text of its dialect, and recorded', async () => {
      const { up, db } = await world(TWO)

      assert.deepEqual(await up(), ['0001-person', '0002-person-stays'])
      assert.deepEqual(await up(), [])

      assert.deepEqual(await recorded(db), [
        [1, 'person', noon.getTime()],
        [2, 'person-stays', noon.getTime()],
      ])
      await assert.rejects(
        db.write((tx) => tx.rows(sql`DELETE FROM person`)),
        /a person; stays/,
      )
      assert.equal((await db.rows(sql`SELECT id FROM person`)).length, 1)
    })

    test('what was added since is taken up', async () => {
      const { up, add } = await world({ '0001-person.sql': PERSON })
      await up()
      add({ '0002-phone.sql': 'CREATE TABLE phone (e164 text PRIMARY KEY);' })

      assert.deepEqual(await up(), ['0002-phone'])
    })

    test('nodes that start at once do each migration once', async () => {
      const { up, connect } = await world(TWO)

      const taken = await Promise.all(Array.from({ length: 4 }, () => up(connect())))

      assert.deepEqual(taken.flat().sort(), ['0001-person', '0002-person-stays'])
    })

    test('a database that is newer than the program is refused, and nothing is done to it', async () => {
      const { up, db, add } = await world(TWO)
      await up()
      await db.write((tx) => tx.rows(sql`INSERT INTO migration VALUES (9, 'of-tomorrow', 0)`))
      add({ '0003-phone.sql': 'CREATE TABLE phone (e164 text PRIMARY KEY);' })

      await assert.rejects(up(), { code: 'database.newer' })
      assert.equal((await recorded(db)).length, 3)
    })

    test('a migration that fails is named and undone as a whole, and those before it stay', async () => {
      const { up, db } = await world({
        '0001-person.sql': PERSON,
        '0002-broken.sql': 'CREATE TABLE half (id text); CREATE TABLE person (id text);',
      })

      await assert.rejects(up(), /0002-broken/)
      assert.deepEqual(
        (await recorded(db)).map(([number]) => number),
        [1],
      )
      await assert.rejects(db.rows(sql`SELECT id FROM half`))
    })
  })

  test(`a folder that says two things is refused before anything is done, on ${dialect}`, async () => {
    for (const files of [
      { '0001-person.sql': PERSON, '0001-phone.sql': PERSON },
      { '1-person.sql': PERSON },
      { '0001-person.postgres.sql': PERSON },
    ]) {
      const { up, db } = await world(files)
      await assert.rejects(up())
      await assert.rejects(recorded(db))
    }
  })

  /** A folder of migrations and an empty database. */
  async function world(files: Record<string, string>) {
    const { connect } = await place()
    const db = connect()
    const folder = mkdtempSync(join(scratch, 'folder-'))
    const add = (more: Record<string, string>) => {
      for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text)
    }
    add(files)
    const up = (database: Database = db) => migrate({ database, clock: { now: () => noon } }, folder)
    return { db, connect, add, up }
  }
}

async function recorded(db: Database) {
  const rows = await db.rows(sql`SELECT number, name, applied_at FROM migration ORDER BY number`)
  return rows.map((row) => [Number(row.number), row.name, Number(row.applied_at)])
}
