import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import { type PostgresOptions, postgres } from '../../src/storage/sql/postgres.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { places } from './dialects.ts'
import { PATIENT } from './patience.ts'

const place = places.find(([dialect]) => dialect === 'PostgreSQL')?.[1]
const closing: (() => unknown)[] = []

after(async () => {
  for (const close of closing.reverse()) await close()
})

describe('a unit on its way to PostgreSQL', { skip: !place && 'PostgreSQL is not installed' }, () => {
  test('what gives no rows goes with what comes after it, and the end of it with COMMIT', async () => {
    const { db, insert, ids, sent } = await world()
    await db.write((tx) => tx.rows(insert('first')))
    sent.length = 0

    await db.write(async (tx) => {
      for (const id of ['a', 'b', 'c']) await tx.rows(insert(id))
    })

    assert.equal(sent.length, 1)
    assert.deepEqual(await ids(), ['a', 'b', 'c', 'first'])
  })

  test('of a unit whose BEGIN the server has not understood nothing is taken', async () => {
    const { db, insert, ids, spoil } = await world()
    let begun = 0
    spoil((piece) => {
      begun += piece.includes('BEGIN') ? 1 : 0
      return Buffer.from(piece.toString('latin1').replace('BEGIN', 'BEGUN'), 'latin1')
    })

    await assert.rejects(
      db.write((tx) => tx.rows(insert('alone'))),
      /syntax error at or near "BEGUN"/,
    )

    assert.equal(begun, 1)
    assert.deepEqual(await ids(), [])
  })

  test('a commit that was cut off is told as unknown, and is not made again', async () => {
    const { db, insert, spoil } = await world()
    spoil((piece) => (piece.includes('COMMIT') ? 'cut' : piece))

    let attempts = 0
    const cut = db.write(async (tx) => {
      attempts++
      await tx.rows(insert('in doubt'))
    })

    await assert.rejects(cut, { code: 'database.unreachable', message: /not known whether the last commit was made/ })
    assert.equal(attempts, 1)
  })

  test('a connection that was cut off before the commit costs another attempt', async () => {
    const { db, insert, ids, spoil } = await world()
    let cuts = 0
    spoil((piece) => (piece.includes('pg_sleep') && cuts++ === 0 ? 'cut' : piece))

    await db.write(async (tx) => {
      await tx.rows(insert('kept'))
      await tx.rows(sql`SELECT pg_sleep(0)`)
    })

    assert.equal(cuts, 2)
    assert.deepEqual(await ids(), ['kept'])
  })
})

type Spoil = (piece: Buffer) => Buffer | 'cut'

/** A table of tokens, behind somebody on the way who counts what is sent there, and may spoil it. */
async function world(options: PostgresOptions = { connections: 1, ...PATIENT }) {
  if (!place) throw new Error('PostgreSQL is not installed')
  const { where, connect: open } = await place()
  const direct = open()
  await direct.alter((tx) => tx.script('CREATE TABLE token (id text PRIMARY KEY)'))

  const between = await proxy(new URL(where))
  const db = postgres(between.url, options)
  closing.push(() => db.close())
  const insert = (id: string) => sql`INSERT INTO token (id) VALUES (${id})`
  const ids = async () => (await direct.rows(sql`SELECT id FROM token ORDER BY id`)).map((row) => String(row.id))
  return { db, insert, ids, ...between }
}

async function proxy(target: URL) {
  const sent: Buffer[] = []
  const sockets = new Set<Socket>()
  let spoiling: Spoil = (piece) => piece
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.on('data', (piece: Buffer) => {
      sent.push(piece)
      const passed = spoiling(piece)
      if (passed === 'cut') for (const socket of [near, far]) socket.destroy()
      else far.write(passed)
    })
    far.pipe(near)
    near.on('close', () => far.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  const spoil = (how: Spoil) => {
    spoiling = how
  }
  return { url: url.href, sent, spoil }
}
