import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { postgres } from '../../src/storage/sql/postgres.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { type Options, places } from './dialects.ts'

const place = places.find(([dialect]) => dialect === 'PostgreSQL')?.[1]

describe('PostgreSQL as the database', { skip: !place && 'PostgreSQL is not installed (Debian: postgresql)' }, () => {
  test('connections that the server ends, idle or within a unit, cost nothing but another attempt', async () => {
    const { db, other, insert, ids, endOthers } = await world()
    await Promise.all(['a', 'b', 'c'].map((id) => db.write((tx) => tx.rows(insert(id)))))
    await endOthers()

    let attempts = 0
    await db.write(async (tx) => {
      await tx.rows(insert('d'))
      attempts++
      if (attempts === 1) await endOthers()
      await tx.rows(insert('e'))
    })

    assert.equal(attempts, 2)
    assert.deepEqual(await ids(), ['a', 'b', 'c', 'd', 'e'])
    await other.ping()
  })

  test('a server that has become read-only is left, not believed', async () => {
    const { db, insert } = await world()

    const onStandby = db.write(async (tx) => {
      await tx.rows(sql`SET TRANSACTION READ ONLY`)
      await tx.rows(insert('lost'))
    })

    await assert.rejects(onStandby, { code: 'database.unreachable' })
    await db.write((tx) => tx.rows(insert('kept')))
  })

  test('a table that another node alters does not spoil the statements prepared before', async () => {
    const { db, other, insert } = await world()
    await db.write((tx) => tx.rows(insert('a')))
    const all = () => db.rows(sql`SELECT * FROM token`)
    const touch = () => db.write((tx) => tx.rows(sql`UPDATE token SET id = id RETURNING *`))
    await Promise.all([all(), touch()])

    await other.alter((tx) => tx.script('ALTER TABLE token ADD COLUMN note text'))

    assert.deepEqual(Object.keys((await all())[0] ?? {}), ['id', 'note'])
    assert.deepEqual(Object.keys((await touch())[0] ?? {}), ['id', 'note'])
  })

  test('units that lock the same rows in different order all happen', async () => {
    const { db, insert } = await world()
    await db.write(async (tx) => void (await Promise.all([tx.rows(insert('a')), tx.rows(insert('b'))])))

    const lockBoth = (first: string, second: string) =>
      db.write(async (tx) => {
        await tx.rows(sql`SELECT id FROM token WHERE id = ${first} FOR UPDATE`)
        await tx.rows(sql`SELECT pg_sleep(0.05)`)
        await tx.rows(sql`SELECT id FROM token WHERE id = ${second} FOR UPDATE`)
        return 'done'
      })

    assert.deepEqual(await Promise.all([lockBoth('a', 'b'), lockBoth('b', 'a')]), ['done', 'done'])
  })

  test('a query that the server or we give up on is an outage, and the pool is whole afterwards', async () => {
    const givingUp = async (patience: Options['patience']) => {
      const { db, insert, ids } = await world({ connections: 1, patience })

      await assert.rejects(db.rows(sql`SELECT pg_sleep(60)`), { code: 'database.unreachable' })
      const slow = db.write(async (tx) => {
        await tx.rows(insert('undone'))
        await tx.rows(sql`SELECT pg_sleep(60)`)
      })
      await assert.rejects(slow, { code: 'database.unreachable' })

      await db.write((tx) => tx.rows(insert('kept')))
      assert.deepEqual(await ids(), ['kept'])
    }
    // Long enough for a busy machine to do what is not slow.
    await Promise.all([
      givingUp({ connect: 30_000, statement: 1_500, query: 30_000 }),
      givingUp({ connect: 30_000, statement: 30_000, query: 1_500 }),
    ])
  })

  test('migrations may take longer than a request waits', async () => {
    const { db, other } = await world({ patience: { connect: 30_000, statement: 100, query: 150 } })

    await db.alter((tx) => tx.script('SELECT pg_sleep(0.4); CREATE TABLE late (id text);'))

    assert.deepEqual(await other.rows(sql`SELECT id FROM late`), [])
  })
})

describe('a PostgreSQL that is not there', () => {
  test('a closed port, and a server that accepts and says nothing, are the same outage', async () => {
    const sockets: Socket[] = []
    const mute = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as AddressInfo

    for (const address of ['127.0.0.1:1', `127.0.0.1:${port}`]) {
      const patience = { connect: 200, statement: 200, query: 200 }
      const db = postgres(`postgres://nobody:secret@${address}/none`, { patience })
      await assert.rejects(db.ping(), { code: 'database.unreachable' })
      await assert.rejects(
        db.write(async () => {}),
        { code: 'database.unreachable' },
      )
      await assert.rejects(
        db.alter(async () => {}),
        { code: 'database.unreachable' },
      )
      await db.close()
    }

    for (const socket of sockets) socket.destroy()
    mute.close()
  })
})

/** Two nodes on one database with an empty table of tokens. */
async function world(options: Options = {}) {
  if (!place) throw new Error('PostgreSQL is not installed')
  const { connect } = await place()
  const db = connect(options)
  const other = connect()
  await db.alter((tx) => tx.script('CREATE TABLE token (id text PRIMARY KEY)'))
  const insert = (id: string) => sql`INSERT INTO token (id) VALUES (${id})`
  const ids = async () => (await db.rows(sql`SELECT id FROM token ORDER BY id`)).map((row) => String(row.id))
  /** What an administrator's shutdown or a failing-over primary does (57P01). It is over when this is, and we have heard of it. */
  const endOthers = async () => {
    await other.rows(sql`SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'sallyport' AND pid <> pg_backend_pid()`)
    // They said so before they went: it came in with what we have just read.
    await new Promise(setImmediate)
  }
  return { db, other, insert, ids, endOthers }
}
