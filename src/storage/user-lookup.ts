import { type ModedMethod, type Modes, modes } from '../core/policy/modes.ts'
import type { DirectoryKind } from '../core/users/user.ts'
import { textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

/** Rows of users, for the stores that see them each in its own way. */
export function userLookup<User>(db: Rows, fromRow: (row: Row) => User) {
  const first = ([row]: Row[]) => row && fromRow(row)
  return {
    /** Changes nothing, and takes the row's lock in both dialects. */
    hold: async (id: string) => first(await db.rows(sql`UPDATE users SET id = id WHERE id = ${id} RETURNING *`)),
    findByKey: async (key: string) => first(await db.rows(sql`SELECT * FROM users WHERE username_key = ${key}`)),
    findByUid: async (directory: DirectoryKind, uid: string) =>
      first(await db.rows(sql`SELECT * FROM users WHERE directory = ${directory} AND directory_uid = ${uid}`)),
  }
}

export function modesOf(row: Row): Partial<Modes> {
  const set = (Object.keys(modes) as ModedMethod[]).flatMap((method) => {
    const mode = textOrNone(row[`${method}_mode`])
    return mode === undefined ? [] : [[method, mode]]
  })
  return Object.fromEntries(set)
}
