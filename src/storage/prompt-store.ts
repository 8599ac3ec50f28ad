import type { PromptMethod, PromptPurpose, PromptState, PromptStore, SeenPrompt } from '../core/prompts/prompt.ts'
import { date, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function promptStore(db: Rows): PromptStore {
  return {
    async open(p) {
      const created = p.createdAt.getTime()
      await db.rows(sql`
        UPDATE prompt SET state = 'replaced', settled_at = ${created} WHERE user_id = ${p.userId} AND state = 'open'`)
      await db.rows(sql`
        INSERT INTO prompt (id, user_id, transaction_id, purpose, method, mode, phone, number, state, created_at, expires_at)
        VALUES (${p.id}, ${p.userId}, ${p.transactionId}, ${p.purpose}, ${p.method}, ${p.mode}, ${p.phone}, ${p.number},
          'open', ${created}, ${p.expiresAt.getTime()})`)
    },
    async find(id) {
      const [row] = await db.rows(sql`SELECT * FROM prompt WHERE id = ${id}`)
      return row && promptFrom(row)
    },
    async openOf(userId, method, now) {
      const [row] = await db.rows(sql`
        SELECT * FROM prompt
        WHERE user_id = ${userId} AND state = 'open' AND method = ${method} AND expires_at > ${now.getTime()} LIMIT 1`)
      return row && promptFrom(row)
    },
    async newest(transactionId, purpose) {
      const [row] = await db.rows(sql`
        SELECT * FROM prompt WHERE transaction_id = ${transactionId} AND purpose = ${purpose}
        ORDER BY created_at DESC, id DESC LIMIT 1`)
      return row && promptFrom(row)
    },
    async settle(id, { state, outcome }, now) {
      const rows = await db.rows(sql`
        UPDATE prompt SET state = ${state}, outcome = ${outcome}, settled_at = ${now.getTime()}
        WHERE id = ${id} AND state = 'open' AND expires_at > ${now.getTime()} RETURNING id`)
      return rows.length === 1
    },
    async withdraw(transactionId, now) {
      await db.rows(sql`
        UPDATE prompt SET state = 'replaced', settled_at = ${now.getTime()}
        WHERE transaction_id = ${transactionId} AND state = 'open'`)
    },
    async note(id, outcome) {
      await db.rows(sql`UPDATE prompt SET outcome = ${outcome} WHERE id = ${id} AND state = 'open'`)
    },
    async use(transactionId, purpose, now) {
      const [row] = await db.rows(sql`
        UPDATE prompt SET state = 'used'
        WHERE transaction_id = ${transactionId} AND purpose = ${purpose} AND state = 'approved'
          AND expires_at > ${now.getTime()}
        RETURNING *`)
      return row && promptFrom(row)
    },
  }
}

export function promptFrom(row: Row): SeenPrompt {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    transactionId: text(row.transaction_id),
    purpose: text(row.purpose) as PromptPurpose,
    method: text(row.method) as PromptMethod,
    mode: text(row.mode),
    phone: text(row.phone),
    number: text(row.number),
    state: text(row.state) as PromptState,
    outcome: textOrNone(row.outcome),
    createdAt: date(row.created_at),
    expiresAt: date(row.expires_at),
  }
}
