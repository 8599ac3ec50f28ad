import { sql } from '../../src/storage/sql/query.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'

/** Writes rows without end, several at a time, and prints each id once its write was acknowledged. */
const [file = ''] = process.argv.slice(2)
const db = sqlite(file)
await db.alter((tx) => tx.script('CREATE TABLE token (id text PRIMARY KEY)'))

let next = 0
await Promise.all(Array.from({ length: 8 }, writeOn))

async function writeOn(): Promise<void> {
  for (;;) {
    const id = `t${next++}`
    await db.write((tx) => tx.rows(sql`INSERT INTO token (id) VALUES (${id})`))
    process.stdout.write(`${id}\n`)
  }
}
