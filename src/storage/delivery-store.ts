import type { Delivery, DeliveryStore } from '../core/delivery/delivery.ts'
import type { DeliveryKind, DeliveryProgress, DeliveryQueue } from '../core/delivery/queue.ts'
import type { Database, Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

/** Puts messages on their way within the unit of work of `tx`. Nudge the dispatcher after the commit. */
export function deliveryQueue(tx: Rows): DeliveryQueue {
  return {
    async enqueue({ id, kind, to, sealedBody, notBefore, deadline, createdAt, pace }) {
      const created = createdAt.getTime()
      const first = (notBefore ?? createdAt).getTime()
      await tx.rows(sql`
        INSERT INTO delivery (id, kind, recipient, sealed_body, state, attempts, next_at, deadline, created_at, pace_key,
          tells)
        VALUES (${id}, ${kind}, ${to}, ${sealedBody}, 'queued', 0, ${first}, ${deadline.getTime()}, ${created},
          ${pace?.key ?? null}, ${pace?.tells ?? null})`)
    },

    async progressOf(id) {
      const [row] = await tx.rows(sql`
        SELECT CASE WHEN state = 'queued' AND attempts > 0 AND claimed_until IS NULL THEN 'failing' ELSE state END AS progress
        FROM delivery WHERE id = ${id}`)
      return row && (String(row.progress) as DeliveryProgress)
    },

    async pacedSince(key, since) {
      const rows = await tx.rows(sql`
        SELECT count(*) AS count FROM delivery WHERE pace_key = ${key} AND created_at > ${since.getTime()}`)
      return Number(rows[0]?.count)
    },

    async takeBack(key, now) {
      const [row] = await tx.rows(sql`
        DELETE FROM delivery
        WHERE pace_key = ${key} AND state = 'queued' AND attempts = 0 AND next_at > ${now.getTime()}
        RETURNING tells, next_at`)
      return row && { tells: Number(row.tells), notBefore: new Date(Number(row.next_at)) }
    },
  }
}

export function deliveryStore(database: Database): DeliveryStore {
  return {
    async claim({ kinds, now, until, most }) {
      const [at, end] = [now.getTime(), until.getTime()]
      // One text, however many kinds there are.
      const list = `,${kinds.join(',')},`
      // The conditions stand twice: on PostgreSQL the inner ones choose from a snapshot, the outer ones hold for the
      // row as it is once another claim on it has been committed.
      const query = sql`
        UPDATE delivery
        SET attempts = attempts + 1, claimed_until = CASE WHEN deadline < ${end} THEN deadline ELSE ${end} END
        WHERE state = 'queued' AND (claimed_until IS NULL OR claimed_until <= ${at}) AND id IN (
          SELECT id FROM delivery
          WHERE state = 'queued' AND next_at <= ${at} AND deadline > ${at} AND ${list} LIKE '%,' || kind || ',%'
            AND (claimed_until IS NULL OR claimed_until <= ${at})
          ORDER BY next_at, id
          LIMIT ${most}
        )
        RETURNING id, kind, recipient, sealed_body, deadline, attempts`
      return (await database.write((tx) => tx.rows(query))).map(fromRow)
    },

    async finish(id, outcome, provider, now) {
      const query = sql`
        UPDATE delivery
        SET state = ${outcome}, sealed_body = '', provider = ${provider ?? null}, ended_at = ${now.getTime()},
          claimed_until = NULL
        WHERE id = ${id} AND state = 'queued'
        RETURNING id`
      return (await database.write((tx) => tx.rows(query))).length === 1
    },

    async retryAt({ id, attempts }, when) {
      await database.write((tx) =>
        tx.rows(sql`
          UPDATE delivery SET next_at = ${when.getTime()}, claimed_until = NULL
          WHERE id = ${id} AND state = 'queued' AND attempts = ${attempts}`),
      )
    },

    async expire(now) {
      const query = sql`
        UPDATE delivery SET state = 'expired', sealed_body = '', ended_at = ${now.getTime()}, claimed_until = NULL
        WHERE state = 'queued' AND deadline <= ${now.getTime()}
        RETURNING id, kind`
      return (await database.write((tx) => tx.rows(query))).map((row) => ({ id: String(row.id), kind: kindOf(row) }))
    },
  }
}

function kindOf({ kind }: Row): DeliveryKind {
  return kind === 'call' || kind === 'mail' || kind === 'push' ? kind : 'text'
}

function fromRow(row: Row): Delivery {
  return {
    id: String(row.id),
    kind: kindOf(row),
    to: String(row.recipient),
    sealedBody: String(row.sealed_body),
    deadline: new Date(Number(row.deadline)),
    attempts: Number(row.attempts),
  }
}
