import type { DataKeyStore } from '../core/secrets/data-keys.ts'
import { date, number, text } from './columns.ts'
import type { Database } from './sql/database.ts'
import { sql } from './sql/query.ts'

export function dataKeyStore(database: Database): DataKeyStore {
  return {
    async all() {
      const rows = await database.rows(sql`SELECT id, ordinal, wrapped, created_at FROM data_key ORDER BY ordinal`)
      return rows.map((row) => ({
        id: text(row.id),
        ordinal: number(row.ordinal),
        wrapped: Buffer.from(text(row.wrapped), 'base64url'),
        createdAt: date(row.created_at),
      }))
    },
    async insert({ id, ordinal, wrapped, createdAt }) {
      const query = sql`
        INSERT INTO data_key (id, ordinal, wrapped, created_at)
        VALUES (${id}, ${ordinal}, ${Buffer.from(wrapped).toString('base64url')}, ${createdAt.getTime()})
        ON CONFLICT (ordinal) DO NOTHING RETURNING id`
      return (await database.write((tx) => tx.rows(query))).length === 1
    },
  }
}
