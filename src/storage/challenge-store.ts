import type { Challenge, ChallengeStore, Purpose } from '../core/challenges/challenge.ts'
import { date, number, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function challengeStore(db: Rows): ChallengeStore {
  return {
    async open(c) {
      await db.rows(sql`
        UPDATE challenge SET closed_at = ${c.createdAt.getTime()}
        WHERE transaction_id = ${c.transactionId} AND purpose = ${c.purpose} AND closed_at IS NULL`)
      await db.rows(sql`
        INSERT INTO challenge (id, user_id, transaction_id, purpose, phone, code_mac, attempts_left, created_at, expires_at,
          delivery_id)
        VALUES (${c.id}, ${c.userId}, ${c.transactionId}, ${c.purpose}, ${c.phone}, ${c.codeMac}, ${c.attemptsLeft},
          ${c.createdAt.getTime()}, ${c.expiresAt.getTime()}, ${c.deliveryId})`)
    },
    async findOpen(transactionId, purpose, now) {
      const [row] = await db.rows(sql`
        SELECT * FROM challenge
        WHERE transaction_id = ${transactionId} AND purpose = ${purpose} AND closed_at IS NULL
          AND expires_at > ${now.getTime()} AND attempts_left > 0
        ORDER BY created_at DESC, id DESC LIMIT 1`)
      return row && fromRow(row)
    },
    async newest(transactionId, purpose) {
      const [row] = await db.rows(sql`
        SELECT * FROM challenge WHERE transaction_id = ${transactionId} AND purpose = ${purpose}
        ORDER BY created_at DESC, id DESC LIMIT 1`)
      return row && fromRow(row)
    },
    async spendAttempt(transactionId, purpose, now) {
      const [row] = await db.rows(sql`
        UPDATE challenge SET attempts_left = attempts_left - 1
        WHERE transaction_id = ${transactionId} AND purpose = ${purpose} AND closed_at IS NULL
          AND attempts_left > 0 AND expires_at > ${now.getTime()}
        RETURNING *`)
      return row && fromRow(row)
    },
    async close(id, now) {
      const rows = await db.rows(sql`
        UPDATE challenge SET closed_at = ${now.getTime()} WHERE id = ${id} AND closed_at IS NULL RETURNING id`)
      return rows.length === 1
    },
  }
}

function fromRow(row: Row): Challenge {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    transactionId: text(row.transaction_id),
    purpose: text(row.purpose) as Purpose,
    phone: text(row.phone),
    codeMac: text(row.code_mac),
    attemptsLeft: number(row.attempts_left),
    createdAt: date(row.created_at),
    expiresAt: date(row.expires_at),
    deliveryId: text(row.delivery_id),
  }
}
