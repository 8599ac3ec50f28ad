import type { RecoveryCodeStore } from '../core/recovery/recovery-codes.ts'
import { number, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { sql } from './sql/query.ts'
import { holdUser } from './user-row.ts'

export function recoveryCodeStore(db: Rows): RecoveryCodeStore {
  return {
    async findUnused(userId, ordinal) {
      const [row] = await db.rows(sql`
        SELECT id, ordinal, hash FROM recovery_code
        WHERE user_id = ${userId} AND ordinal = ${ordinal} AND used_at IS NULL`)
      return row && { id: text(row.id), ordinal: number(row.ordinal), hash: text(row.hash) }
    },
    async spend(userId, id, now) {
      const rows = await db.rows(sql`
        UPDATE recovery_code SET used_at = ${now.getTime()}
        WHERE id = ${id} AND user_id = ${userId} AND used_at IS NULL RETURNING id`)
      return rows.length === 1
    },
    async replaceAll(userId, codes, now) {
      if (!(await holdUser(db, userId))) return false
      await db.rows(sql`DELETE FROM recovery_code WHERE user_id = ${userId}`)
      for (const { id, ordinal, hash } of codes) {
        await db.rows(sql`
          INSERT INTO recovery_code (id, user_id, ordinal, hash, made_at)
          VALUES (${id}, ${userId}, ${ordinal}, ${hash}, ${now.getTime()})`)
      }
      return true
    },
    async countOf(userId) {
      const [row] = await db.rows(sql`
        SELECT COUNT(*) AS made, COUNT(*) - COUNT(used_at) AS unused FROM recovery_code WHERE user_id = ${userId}`)
      return { made: number(row?.made), unused: number(row?.unused) }
    },
    async removeOf(userId) {
      const rows = await db.rows(sql`DELETE FROM recovery_code WHERE user_id = ${userId} RETURNING id`)
      return rows.length > 0
    },
  }
}
