// What all is measured against: node:http and the same durable update, and nothing else. One answer reads a row, makes an
// HMAC, updates the row by compare-and-set, appends to an audit table and waits for the commit.
import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Rows } from '../src/storage/sql/database.ts'
import { sql } from '../src/storage/sql/query.ts'
import { sqlite } from '../src/storage/sql/sqlite.ts'
import { serveParent } from './children.ts'

const [folder = '', count = '0'] = process.argv.slice(2)
const database = sqlite(join(folder, 'bare.db'))
await database.alter(async (tx) => {
  await tx.script(`CREATE TABLE counter (id text PRIMARY KEY, secret blob NOT NULL, moved bigint NOT NULL);
    CREATE TABLE audit (seq integer PRIMARY KEY AUTOINCREMENT, id text NOT NULL UNIQUE, at bigint NOT NULL, what text NOT NULL)`)
  for (let id = 0; id < Number(count); id++)
    await tx.rows(sql`INSERT INTO counter VALUES (${String(id)}, ${randomBytes(20)}, 0)`)
})

async function move(tx: Rows, id: string): Promise<string> {
  const [row] = await tx.rows(sql`SELECT secret, moved FROM counter WHERE id = ${id}`)
  if (!row) throw new Error('no such counter')
  const moved = Number(row.moved)
  const code = createHmac('sha1', createSecretKey(row.secret as Uint8Array))
    .update(String(moved))
    .digest()
    .readUInt32BE()
  const done = await tx.rows(
    sql`UPDATE counter SET moved = ${moved + 1} WHERE id = ${id} AND moved = ${moved} RETURNING id`,
  )
  if (done.length !== 1) throw new Error('the counter was moved by somebody else')
  await tx.rows(sql`INSERT INTO audit (id, at, what) VALUES (${randomUUID()}, ${Date.now()}, 'counter.moved')`)
  return String(code % 1_000_000).padStart(6, '0')
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    request
      .setEncoding('utf8')
      .on('data', (chunk) => {
        text += chunk
      })
      .on('end', () => resolve(text))
      .on('error', reject)
  })
}

const server = createServer(async (request, response) => {
  const { id } = JSON.parse(await bodyOf(request)) as { id: string }
  const code = await database.write((tx) => move(tx, id))
  const body = JSON.stringify({ ok: true, value: { code } })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
})

server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  serveParent({
    ready: origin,
    async close() {
      server.closeAllConnections()
      server.close()
      await database.close()
    },
  })
})
