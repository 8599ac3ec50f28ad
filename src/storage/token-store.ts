import type { OathToken, TokenOffer, TokenStore } from '../core/methods/oath/token.ts'
import { date, dateOrNone, number, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function tokenStore(db: Rows): TokenStore {
  return {
    async findOf(userId) {
      const [row] = await db.rows(sql`SELECT * FROM oath_token WHERE user_id = ${userId}`)
      return row && tokenFromRow(row)
    },
    async spendStep(id, step, now) {
      const rows = await db.rows(sql`
        UPDATE oath_token SET last_step = ${step}, used_at = ${now.getTime()}
        WHERE id = ${id} AND last_step < ${step} RETURNING id`)
      return rows.length === 1
    },
    async offer(o) {
      await db.rows(sql`
        INSERT INTO token_offer (id, user_id, transaction_id, sealed_secret, algorithm, digits, period, attempts_left, expires_at)
        VALUES (${o.id}, ${o.userId}, ${o.transactionId}, ${o.sealedSecret}, ${o.algorithm}, ${o.digits}, ${o.period},
          ${o.attemptsLeft}, ${o.expiresAt.getTime()})
        ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, transaction_id = excluded.transaction_id,
          sealed_secret = excluded.sealed_secret, algorithm = excluded.algorithm, digits = excluded.digits,
          period = excluded.period, attempts_left = excluded.attempts_left, expires_at = excluded.expires_at`)
    },
    async findOffer(transactionId, now) {
      const [row] = await db.rows(sql`
        SELECT * FROM token_offer
        WHERE transaction_id = ${transactionId} AND expires_at > ${now.getTime()} AND attempts_left > 0`)
      return row && offerFromRow(row)
    },
    async spendOfferAttempt(transactionId, now) {
      const [row] = await db.rows(sql`
        UPDATE token_offer SET attempts_left = attempts_left - 1
        WHERE transaction_id = ${transactionId} AND expires_at > ${now.getTime()} AND attempts_left > 0 RETURNING *`)
      return row && offerFromRow(row)
    },
    async accept(o, step, now) {
      const gone = await db.rows(sql`DELETE FROM token_offer WHERE id = ${o.id} RETURNING id`)
      if (gone.length === 0) return false
      await db.rows(sql`
        INSERT INTO oath_token (id, user_id, sealed_secret, algorithm, digits, period, last_step, added_at)
        VALUES (${o.id}, ${o.userId}, ${o.sealedSecret}, ${o.algorithm}, ${o.digits}, ${o.period}, ${step}, ${now.getTime()})
        ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, sealed_secret = excluded.sealed_secret,
          algorithm = excluded.algorithm, digits = excluded.digits, period = excluded.period,
          last_step = excluded.last_step, added_at = excluded.added_at, used_at = NULL`)
      return true
    },
    async removeOf(userId) {
      const rows = await db.rows(sql`DELETE FROM oath_token WHERE user_id = ${userId} RETURNING id`)
      return rows.length === 1
    },
  }
}

function parametersFromRow(row: Row) {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    sealedSecret: text(row.sealed_secret),
    algorithm: text(row.algorithm) as OathToken['algorithm'],
    digits: number(row.digits) as OathToken['digits'],
    period: number(row.period),
  }
}

function tokenFromRow(row: Row): OathToken {
  return {
    ...parametersFromRow(row),
    lastStep: number(row.last_step),
    addedAt: date(row.added_at),
    usedAt: dateOrNone(row.used_at),
  }
}

function offerFromRow(row: Row): TokenOffer {
  return {
    ...parametersFromRow(row),
    transactionId: text(row.transaction_id),
    attemptsLeft: number(row.attempts_left),
    expiresAt: date(row.expires_at),
  }
}
