import { likenessOf } from '../core/users/likeness.ts'
import { text } from './columns.ts'
import type { Database } from './sql/database.ts'
import { sql } from './sql/query.ts'

/** Nobody waits long for one unit of work. */
const IN_A_UNIT = 500

/**
 * Of users from before the column, which no database can work out by itself: how names are alike is our rule. Returns how
 * many were filled in. Nodes that start at once do the same twice.
 */
export async function fillLikenesses(database: Database): Promise<number> {
  for (let filled = 0; ; ) {
    const some = await database.write(async (tx) => {
      const rows = await tx.rows(
        sql`SELECT id, username_key FROM users WHERE likeness IS NULL ORDER BY id LIMIT ${IN_A_UNIT}`,
      )
      for (const { id, username_key: key } of rows) {
        await tx.rows(sql`UPDATE users SET likeness = ${likenessOf(text(key))}
          WHERE id = ${text(id)} AND username_key = ${text(key)}`)
      }
      return rows.length
    })
    filled += some
    if (some < IN_A_UNIT) return filled
  }
}
