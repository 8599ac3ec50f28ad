import type { Rows } from './sql/database.ts'
import { sql } from './sql/query.ts'

/**
 * Keeps all others from what belongs to a user until the unit of work ends, in both dialects: whoever replaces a set of
 * rows is alone with it. False when there is no such user.
 */
export async function holdUser(tx: Rows, userId: string): Promise<boolean> {
  const rows = await tx.rows(sql`UPDATE users SET id = id WHERE id = ${userId} RETURNING id`)
  return rows.length === 1
}
