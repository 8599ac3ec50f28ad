import type { Pin, PinStore } from '../core/pin/pin.ts'
import { date, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'
import { holdUser } from './user-row.ts'

export function pinStore(db: Rows): PinStore {
  return {
    findOf: (userId) => presentOf(db, userId),
    async recentOf(userId, most) {
      const rows = await db.rows(sql`
        SELECT * FROM pin WHERE user_id = ${userId} ORDER BY set_at DESC, id DESC LIMIT ${most}`)
      return rows.map(fromRow)
    },
    async replace({ id, userId, sealedHash, setAt, mustChange }, { was, keep }) {
      if (!(await holdUser(db, userId))) return false
      const at = setAt.getTime()
      const present = await presentOf(db, userId)
      const asExpected = was === 'any' || (was === 'none' ? !present : present?.id === was.id)
      if (!asExpected) return false
      await db.rows(sql`UPDATE pin SET replaced_at = ${at} WHERE user_id = ${userId} AND replaced_at IS NULL`)
      await db.rows(sql`
        INSERT INTO pin (id, user_id, sealed_hash, set_at, must_change_since)
        VALUES (${id}, ${userId}, ${sealedHash}, ${at}, ${mustChange ? at : null})`)
      await db.rows(sql`
        DELETE FROM pin WHERE user_id = ${userId} AND replaced_at IS NOT NULL AND id NOT IN (
          SELECT id FROM pin WHERE user_id = ${userId} AND replaced_at IS NOT NULL
          ORDER BY set_at DESC, id DESC LIMIT ${keep})`)
      return true
    },
    async removeOf(userId) {
      const rows = await db.rows(sql`DELETE FROM pin WHERE user_id = ${userId} RETURNING id`)
      return rows.length > 0
    },
  }
}

async function presentOf(db: Rows, userId: string): Promise<Pin | undefined> {
  const [row] = await db.rows(sql`SELECT * FROM pin WHERE user_id = ${userId} AND replaced_at IS NULL`)
  return row && fromRow(row)
}

function fromRow(row: Row): Pin {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    sealedHash: text(row.sealed_hash),
    setAt: date(row.set_at),
    mustChange: row.must_change_since !== null,
  }
}
