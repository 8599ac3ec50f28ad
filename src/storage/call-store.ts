import type { CallStore, Leg, PlacedCall } from '../core/methods/call/call.ts'
import type { CallState } from '../core/methods/call/dialogue.ts'
import { date, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function callStore(db: Rows): CallStore {
  return {
    async insert(c) {
      await db.rows(sql`
        INSERT INTO phone_call (id, prompt_id, user_id, leg, phone, extension, delivery_id, state, awaits, created_at)
        VALUES (${c.id}, ${c.promptId}, ${c.userId}, ${c.leg}, ${c.phone}, ${orNull(c.extension)}, ${c.deliveryId},
          ${JSON.stringify(c.state)}, 0, ${c.createdAt.getTime()})`)
    },
    async find(id) {
      const [row] = await db.rows(sql`SELECT * FROM phone_call WHERE id = ${id}`)
      return row && fromRow(row)
    },
    async hold(id) {
      // Changes nothing, and takes the row's lock in both dialects.
      const [row] = await db.rows(sql`UPDATE phone_call SET id = id WHERE id = ${id} RETURNING *`)
      return row && fromRow(row)
    },
    async newestOf(promptId) {
      const [row] = await db.rows(sql`
        SELECT * FROM phone_call WHERE prompt_id = ${promptId} ORDER BY created_at DESC, id DESC LIMIT 1`)
      return row && fromRow(row)
    },
    async keep(id, state) {
      await db.rows(sql`UPDATE phone_call SET state = ${JSON.stringify(state)} WHERE id = ${id}`)
    },
    async bind(id, providerId) {
      const bound = await db.rows(sql`
        UPDATE phone_call SET provider_id = ${providerId}
        WHERE id = ${id} AND (provider_id IS NULL OR provider_id = ${providerId}) RETURNING id`)
      return bound.length === 1
    },
    async stillRinging({ id, userId }, since) {
      const rows = await db.rows(sql`
        SELECT phone_call.provider_id, delivery.provider
        FROM phone_call LEFT JOIN delivery ON delivery.id = phone_call.delivery_id
        WHERE phone_call.user_id = ${userId} AND phone_call.created_at >= ${since.getTime()} AND phone_call.id <> ${id}
          AND phone_call.ended_at IS NULL AND phone_call.provider_id IS NOT NULL`)
      return rows.map((row) => ({ providerId: text(row.provider_id), provider: textOrNone(row.provider) }))
    },
    async takeStep(id, providerId, step) {
      const [row] = await db.rows(sql`
        UPDATE phone_call SET awaits = awaits + 1, provider_id = ${providerId}
        WHERE id = ${id} AND awaits = ${step} AND ended_at IS NULL
          AND (provider_id IS NULL OR provider_id = ${providerId})
        RETURNING state`)
      return row && stateFrom(row)
    },
    async end(id, providerId, now) {
      const rows = await db.rows(
        providerId === undefined
          ? sql`UPDATE phone_call SET ended_at = ${now.getTime()} WHERE id = ${id} AND ended_at IS NULL RETURNING id`
          : sql`
            UPDATE phone_call SET ended_at = ${now.getTime()}, provider_id = ${providerId}
            WHERE id = ${id} AND ended_at IS NULL AND (provider_id IS NULL OR provider_id = ${providerId}) RETURNING id`,
      )
      return rows.length === 1
    },
  }
}

function stateFrom(row: Row): CallState {
  return JSON.parse(text(row.state)) as CallState
}

function fromRow(row: Row): PlacedCall {
  return {
    id: text(row.id),
    promptId: text(row.prompt_id),
    userId: text(row.user_id),
    leg: text(row.leg) as Leg,
    phone: text(row.phone),
    extension: textOrNone(row.extension),
    deliveryId: text(row.delivery_id),
    state: stateFrom(row),
    providerId: textOrNone(row.provider_id),
    createdAt: date(row.created_at),
  }
}
