import type { SecurityAnswer, SecurityAnswerStore } from '../core/methods/questions/questions.ts'
import { number, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'
import { holdUser } from './user-row.ts'

export function securityAnswerStore(db: Rows): SecurityAnswerStore {
  return {
    async allOf(userId) {
      const rows = await db.rows(sql`SELECT * FROM security_answer WHERE user_id = ${userId}`)
      return rows.sort((a, b) => number(a.place) - number(b.place)).map(fromRow)
    },
    async replaceAll(userId, answers, now) {
      if (!(await holdUser(db, userId))) return false
      await db.rows(sql`DELETE FROM security_answer WHERE user_id = ${userId}`)
      for (const [place, { id, questionId, question, sealedHash }] of answers.entries()) {
        await db.rows(sql`
          INSERT INTO security_answer (id, user_id, question_id, question, place, sealed_hash, answered_at)
          VALUES (${id}, ${userId}, ${questionId}, ${question}, ${place}, ${sealedHash}, ${now.getTime()})`)
      }
      return true
    },
    async removeOf(userId) {
      const rows = await db.rows(sql`DELETE FROM security_answer WHERE user_id = ${userId} RETURNING id`)
      return rows.length > 0
    },
  }
}

function fromRow(row: Row): SecurityAnswer {
  return {
    id: text(row.id),
    questionId: text(row.question_id),
    question: text(row.question),
    sealedHash: text(row.sealed_hash),
  }
}
