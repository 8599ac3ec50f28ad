import type { ServiceAccountStore } from '../core/service-accounts/service-account.ts'
import { text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { sql } from './sql/query.ts'

export function serviceAccountStore(db: Rows): ServiceAccountStore {
  return {
    async find(name) {
      const [row] = await db.rows(sql`SELECT name, password_hash FROM service_account WHERE name = ${name}`)
      return row && { name: text(row.name), passwordHash: text(row.password_hash) }
    },
    async put({ name, passwordHash }, now) {
      await db.rows(sql`
        INSERT INTO service_account (name, password_hash, set_at) VALUES (${name}, ${passwordHash}, ${now.getTime()})
        ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, set_at = excluded.set_at`)
    },
  }
}
