import type { AskedText, AskedTextStore } from '../core/methods/text/asked-text.ts'
import { number, orNull, text, textOrNone } from './columns.ts'
import { promptFrom } from './prompt-store.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

/** No phone is shared by more people who all sign in within minutes. */
const MOST_AT_ONE_NUMBER = 50

export function askedTextStore(db: Rows): AskedTextStore {
  return {
    async insert(t) {
      await db.rows(sql`
        INSERT INTO asked_text (prompt_id, code_mac, attempts_left, delivery_id)
        VALUES (${t.promptId}, ${orNull(t.codeMac)}, ${t.attemptsLeft}, ${t.deliveryId})`)
    },
    async find(promptId) {
      const [row] = await db.rows(sql`SELECT * FROM asked_text WHERE prompt_id = ${promptId}`)
      return row && { promptId: text(row.prompt_id), ...fromRow(row) }
    },
    async openAt(phone, now) {
      const rows = await db.rows(sql`
        SELECT * FROM prompt JOIN asked_text ON asked_text.prompt_id = prompt.id
        WHERE prompt.phone = ${phone} AND prompt.state = 'open' AND prompt.method = 'text'
          AND prompt.expires_at > ${now.getTime()}
        ORDER BY prompt.created_at DESC LIMIT ${MOST_AT_ONE_NUMBER}`)
      return rows.map((row) => ({ ...promptFrom(row), ...fromRow(row) }))
    },
    async spendAttempt(promptId) {
      const [row] = await db.rows(sql`
        UPDATE asked_text SET attempts_left = attempts_left - 1
        WHERE prompt_id = ${promptId} AND attempts_left > 0 RETURNING attempts_left`)
      return row && number(row.attempts_left)
    },
  }
}

function fromRow(row: Row): Omit<AskedText, 'promptId'> {
  return {
    codeMac: textOrNone(row.code_mac),
    attemptsLeft: number(row.attempts_left),
    deliveryId: text(row.delivery_id),
  }
}
