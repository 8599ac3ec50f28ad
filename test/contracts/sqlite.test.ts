import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Rows } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'

const OPEN_FILES = '/proc/self/fd'
const folder = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'))
after(() => rmSync(folder, { recursive: true }))

describe('SQLite as the database', () => {
  test('a place that cannot be written, and a file that is something else, are named as such', () => {
    const letter = join(folder, 'letter.txt')
    writeFileSync(letter, 'Dear Ada, '.repeat(100))

    for (const file of [join(folder, 'no-such-folder', 'sallyport.db'), folder, letter]) {
      assert.throws(() => sqlite(file), { code: 'database.unwritable' })
    }
  })

  test('the file, and what SQLite puts beside it, can be read by its owner only', async () => {
    const { db, file } = await world()

    for (const name of [file, `${file}-wal`, `${file}-shm`]) assert.equal(statSync(name).mode & 0o777, 0o600, name)
    await db.close()
  })

  test('a unit that waits for anything but its queries is undone, and those behind it go on', async () => {
    const { db, insert, ids } = await world()

    const waits = db.write(async (tx) => {
      await tx.rows(insert('waited'))
      await nextTurn()
      await nextTurn()
      await tx.rows(insert('too late'))
    })
    const nested = db.write(() => db.write((tx) => tx.rows(insert('nested'))))
    const behind = db.write((tx) => tx.rows(insert('behind')))

    await assert.rejects(waits, /waited for something other/)
    await assert.rejects(nested, /waited for something other/)
    await behind
    assert.deepEqual((await ids()).includes('waited'), false)
    assert.deepEqual((await ids()).includes('behind'), true)
    await db.close()
  })

  test('someone who writes without a pause leaves the event loop to others', async () => {
    const { db, insert } = await world()
    let turns = 0
    const others = nextTurn().then(async () => {
      for (; turns < 5; turns++) await nextTurn()
    })

    for (let i = 0; i < 50; i++) await db.write((tx) => tx.rows(insert(`n${i}`)))

    assert.equal(turns, 5)
    await others
    await db.close()
  })

  test('reading does not write', async () => {
    const { db, insert } = await world()

    await assert.rejects(db.rows(insert('sneaked in')))
    await db.close()
  })

  test('a lock that another program holds for a moment is waited for, and the event loop goes on meanwhile', async () => {
    const { db, file, insert, ids } = await world()
    const program = new DatabaseSync(file)
    program.exec('BEGIN IMMEDIATE')

    const write = db.write((tx) => tx.rows(insert('patient')))
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    program.exec('COMMIT')
    await write

    assert.deepEqual(await ids(), ['patient'])
    program.close()
    await db.close()
  })

  test('what undoes a unit lies in no file but while tables are altered, which may take more than memory', {
    skip: existsSync(OPEN_FILES) ? false : 'only Linux tells which files are open',
  }, async () => {
    const { db, insert } = await world()
    const many = Array.from({ length: 200 }, (_, i) => insert(`${i}`.padStart(1_000, '0')))
    await db.write(async (tx) => {
      for (const query of many) await tx.rows(query)
    })
    const everyPage = sql`UPDATE token SET id = id || ${'.'}`

    const during = (tx: Rows) => tx.rows(everyPage).then(temporaryFiles)
    const [before, altering, after] = await Promise.all([db.write(during), db.alter(during), db.write(during)])

    assert.deepEqual([before, altering.length, after], [[], 1, []])
    await db.close()
  })

  test('a database that has no room left is named as such, and what it kept stays', async () => {
    const { db, insert, ids } = await world()
    await db.write((tx) => tx.rows(insert('small')))
    await db.write((tx) => tx.rows(sql`PRAGMA max_page_count = 4`))

    const results = await Promise.allSettled([
      db.write((tx) => tx.rows(insert('x'.repeat(100_000)))),
      db.write((tx) => tx.rows(insert('little'))),
    ])

    assert.equal(results[0].status === 'rejected' && results[0].reason.code, 'database.unwritable')
    assert.equal((await ids()).includes('small'), true)
    await db.close()
  })
})

/** Of this process, by SQLite's name for them. One that is closed by now has no link any more. */
function temporaryFiles(): string[] {
  return readdirSync(OPEN_FILES).filter((name) => {
    try {
      return readlinkSync(join(OPEN_FILES, name)).includes('etilqs_')
    } catch {
      return false
    }
  })
}

/** A file with an empty table of tokens. */
async function world() {
  const file = join(mkdtempSync(join(folder, 'db-')), 'sallyport.db')
  const db = sqlite(file)
  await db.alter((tx) => tx.script('CREATE TABLE token (id text PRIMARY KEY)'))
  const insert = (id: string) => sql`INSERT INTO token (id) VALUES (${id})`
  const ids = async () => (await db.rows(sql`SELECT id FROM token ORDER BY id`)).map((row) => String(row.id))
  return { db, file, insert, ids }
}
