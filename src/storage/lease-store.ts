import type { LeaseStore } from '../core/leases/lease.ts'
import type { Rows } from './sql/database.ts'
import { sql } from './sql/query.ts'

export function leaseStore(tx: Rows): LeaseStore {
  return {
    async take(name, holder, { now, until }) {
      // One that ends later than anybody takes one for is of a clock that was ahead: its holder may be long gone.
      const latest = until.getTime() + (until.getTime() - now.getTime())
      // On PostgreSQL this locks the row even where the condition fails, until the unit ends.
      const rows = await tx.rows(sql`
        INSERT INTO lease (name, holder, ends_at) VALUES (${name}, ${holder}, ${until.getTime()})
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
        WHERE lease.holder = excluded.holder OR lease.ends_at <= ${now.getTime()} OR lease.ends_at > ${latest}
        RETURNING name`)
      return rows.length === 1
    },
    async release(name, holder) {
      await tx.rows(sql`DELETE FROM lease WHERE name = ${name} AND holder = ${holder}`)
    },
  }
}
