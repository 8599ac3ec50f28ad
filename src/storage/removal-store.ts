import type { LossReason } from '../core/sync/person.ts'
import type { Fate, ListState, Loss, RemovalList, RemovalStore } from '../core/sync/removals.ts'
import { date, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function removalStore(db: Rows): RemovalStore {
  return {
    async lists() {
      const lists = await db.rows(sql`SELECT * FROM sync_waiting ORDER BY id`)
      return Promise.all(lists.map(async (row) => listOf(row, await lossesOf(text(row.id)))))
    },
    async states() {
      const rows = await db.rows(sql`SELECT id, state FROM sync_waiting ORDER BY id`)
      return rows.map((row) => ({ id: text(row.id), state: text(row.state) as ListState }))
    },
    async put({ id, madeAt, losses }) {
      await db.rows(sql`DELETE FROM sync_waiting WHERE state <> 'rejected'`)
      await db.rows(sql`INSERT INTO sync_waiting (id, made_at, state) VALUES (${id}, ${madeAt.getTime()}, 'waiting')`)
      for (const { userId, fate, why } of losses) {
        await db.rows(sql`
          INSERT INTO sync_loss (user_id, list_id, fate, why) SELECT id, ${id}, ${fate}, ${why} FROM users WHERE id = ${userId}
          ON CONFLICT (user_id) DO UPDATE SET list_id = excluded.list_id, fate = excluded.fate, why = excluded.why`)
      }
    },
    async settle(id, state) {
      const rows = await db.rows(sql`
        UPDATE sync_waiting SET state = ${state} WHERE id = ${id} AND state = 'waiting' RETURNING id`)
      return rows.length === 1
    },
    async forget(userIds) {
      for (const id of userIds) await db.rows(sql`DELETE FROM sync_loss WHERE user_id = ${id}`)
      await db.rows(sql`
        DELETE FROM sync_waiting WHERE state = 'rejected'
          AND NOT EXISTS (SELECT 1 FROM sync_loss WHERE sync_loss.list_id = sync_waiting.id)`)
    },
    async drop(id) {
      await db.rows(sql`DELETE FROM sync_waiting WHERE id = ${id}`)
    },
  }

  async function lossesOf(list: string): Promise<Row[]> {
    return db.rows(sql`
      SELECT sync_loss.*, users.username FROM sync_loss JOIN users ON users.id = sync_loss.user_id
      WHERE sync_loss.list_id = ${list} ORDER BY sync_loss.user_id`)
  }
}

function listOf(row: Row, losses: readonly Row[]): RemovalList {
  return {
    id: text(row.id),
    state: text(row.state) as ListState,
    madeAt: date(row.made_at),
    losses: losses.map(lossFrom),
  }
}

function lossFrom(row: Row): Loss {
  return {
    userId: text(row.user_id),
    username: text(row.username),
    fate: text(row.fate) as Fate,
    why: text(row.why) as LossReason,
  }
}
