import type { TokenOffer, TokenStore } from '../core/methods/oath/token.ts'
import { date, number, orNull, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'
import { rhythmFromRow, timesOf } from './token-rhythm.ts'

type Offers = Pick<TokenStore, 'offer' | 'findOffer' | 'spendOfferAttempt' | 'accept'>

/** Secrets that were shown or entered and are not proven yet: one of a user. */
export function tokenOfferStore(db: Rows): Offers {
  return {
    async offer(o) {
      const [period] = timesOf(o)
      await db.rows(sql`
        INSERT INTO token_offer (id, user_id, transaction_id, made_by, kind, sealed_secret, algorithm, digits, period,
          last_spent, attempts_left, expires_at)
        VALUES (${o.id}, ${o.userId}, ${o.transactionId}, ${o.madeBy}, ${o.kind}, ${o.sealedSecret}, ${o.algorithm},
          ${o.digits}, ${period}, ${orNull(o.last)}, ${o.attemptsLeft}, ${o.expiresAt.getTime()})
        ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, transaction_id = excluded.transaction_id,
          made_by = excluded.made_by, kind = excluded.kind, sealed_secret = excluded.sealed_secret,
          algorithm = excluded.algorithm, digits = excluded.digits, period = excluded.period,
          last_spent = excluded.last_spent, attempts_left = excluded.attempts_left, expires_at = excluded.expires_at`)
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
    async accept(o, { last, drift }, now) {
      const gone = await db.rows(sql`DELETE FROM token_offer WHERE id = ${o.id} RETURNING id`)
      if (gone.length === 0) return false
      const [period] = timesOf(o)
      await db.rows(sql`
        INSERT INTO oath_token (id, user_id, origin, kind, sealed_secret, algorithm, digits, period, drift, last_spent,
          added_at)
        VALUES (${o.id}, ${o.userId}, 'app', ${o.kind}, ${o.sealedSecret}, ${o.algorithm}, ${o.digits}, ${period}, ${drift},
          ${last}, ${now.getTime()})
        ON CONFLICT (user_id) WHERE origin = 'app' DO UPDATE SET id = excluded.id, kind = excluded.kind,
          sealed_secret = excluded.sealed_secret, algorithm = excluded.algorithm, digits = excluded.digits,
          period = excluded.period, drift = excluded.drift, last_spent = excluded.last_spent,
          added_at = excluded.added_at, used_at = NULL`)
      return true
    },
  }
}

function offerFromRow(row: Row): TokenOffer {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    transactionId: text(row.transaction_id),
    madeBy: text(row.made_by) as TokenOffer['madeBy'],
    sealedSecret: text(row.sealed_secret),
    algorithm: text(row.algorithm) as TokenOffer['algorithm'],
    digits: number(row.digits) as TokenOffer['digits'],
    last: row.last_spent === null ? undefined : number(row.last_spent),
    attemptsLeft: number(row.attempts_left),
    expiresAt: date(row.expires_at),
    ...rhythmFromRow(row),
  }
}
