import type { DirectoryChallengeStore, KeptChallenge } from '../core/sign-in/directory-challenge.ts'
import { date, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function directoryChallengeStore(db: Rows): DirectoryChallengeStore {
  return {
    async insert(c) {
      await db.rows(sql`
        INSERT INTO directory_challenge (id, token_hash, sealed, address, expires_at)
        VALUES (${c.id}, ${c.tokenHash}, ${c.sealed}, ${orNull(c.address)}, ${c.expiresAt.getTime()})`)
    },
    async find(tokenHash, now) {
      const [row] = await db.rows(sql`
        SELECT * FROM directory_challenge WHERE token_hash = ${tokenHash} AND expires_at > ${now.getTime()}`)
      return row && fromRow(row)
    },
    async take(tokenHash, now) {
      const [row] = await db.rows(sql`
        DELETE FROM directory_challenge WHERE token_hash = ${tokenHash} AND expires_at > ${now.getTime()} RETURNING *`)
      return row && fromRow(row)
    },
  }
}

function fromRow(row: Row): KeptChallenge {
  return {
    id: text(row.id),
    tokenHash: text(row.token_hash),
    sealed: text(row.sealed),
    address: textOrNone(row.address),
    expiresAt: date(row.expires_at),
  }
}
