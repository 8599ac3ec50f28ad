import type { Session, SessionStore, SignIn, SignInStore } from '../core/sessions/session.ts'
import { date, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function signInStore(db: Rows): SignInStore {
  return {
    async insert({ id, userId, stage, address, userAgent, expiresAt }, tokenHash, now) {
      await db.rows(sql`
        INSERT INTO sign_in (id, token_hash, user_id, stage, address, user_agent, created_at, expires_at)
        VALUES (${id}, ${tokenHash}, ${userId}, ${stage}, ${orNull(address)}, ${orNull(userAgent)}, ${now.getTime()},
          ${expiresAt.getTime()})`)
    },
    async findOpen(tokenHash, now) {
      const [row] = await db.rows(sql`
        SELECT sign_in.* FROM sign_in JOIN users ON users.id = sign_in.user_id
        WHERE token_hash = ${tokenHash} AND closed_at IS NULL AND expires_at > ${now.getTime()} AND disabled_at IS NULL
          AND (blocked_until IS NULL OR blocked_until <= ${now.getTime()})
          AND (stage <> 'user-setup' OR method IS NULL)`)
      return row && signInFromRow(row)
    },
    async isOpen(id, now) {
      const rows = await db.rows(sql`
        SELECT id FROM sign_in
        WHERE id = ${id} AND stage IN ('second-step', 'user-setup') AND closed_at IS NULL AND expires_at > ${now.getTime()}`)
      return rows.length === 1
    },
    async leadToPin(id, tokenHash, now, fallback) {
      const stage = fallback ? 'new-pin-fallback' : 'new-pin'
      const rows = await db.rows(sql`
        UPDATE sign_in SET stage = ${stage}, token_hash = ${tokenHash}
        WHERE id = ${id} AND stage = 'second-step' AND closed_at IS NULL AND expires_at > ${now.getTime()} RETURNING id`)
      return rows.length === 1
    },
    async addressOf(id) {
      const [row] = await db.rows(sql`
        SELECT address FROM sign_in WHERE id = ${id} UNION ALL SELECT address FROM session WHERE id = ${id}`)
      return row && textOrNone(row.address)
    },
    async close(id, now) {
      const rows = await db.rows(sql`
        UPDATE sign_in SET closed_at = ${now.getTime()}
        WHERE id = ${id} AND closed_at IS NULL AND expires_at > ${now.getTime()} RETURNING id`)
      return rows.length === 1
    },
  }
}

export function sessionStore(db: Rows): SessionStore {
  return {
    async insert({ id, userId, provenAt, seenAt, expiresAt, address, userAgent, fallback }, tokenHash) {
      await db.rows(sql`
        INSERT INTO session (id, token_hash, user_id, address, user_agent, proven_at, seen_at, expires_at, fallback_at)
        VALUES (${id}, ${tokenHash}, ${userId}, ${orNull(address)}, ${orNull(userAgent)}, ${provenAt.getTime()},
          ${seenAt.getTime()}, ${expiresAt.getTime()}, ${fallback ? provenAt.getTime() : null})`)
    },
    async findOpen(tokenHash, now, idleSince) {
      const [row] = await db.rows(sql`
        SELECT session.* FROM session JOIN users ON users.id = session.user_id
        WHERE token_hash = ${tokenHash} AND ended_at IS NULL AND expires_at > ${now.getTime()}
          AND seen_at > CASE WHEN fallback_at IS NULL THEN CAST(${idleSince.own.getTime()} AS bigint)
            ELSE CAST(${idleSince.fallback.getTime()} AS bigint) END
          AND disabled_at IS NULL
          AND (blocked_until IS NULL OR blocked_until <= ${now.getTime()})`)
      return row && sessionFromRow(row)
    },
    async isOpen(id, now) {
      const rows = await db.rows(sql`
        SELECT id FROM session WHERE id = ${id} AND ended_at IS NULL AND expires_at > ${now.getTime()}`)
      return rows.length === 1
    },
    async touch(id, now) {
      await db.rows(sql`UPDATE session SET seen_at = ${now.getTime()} WHERE id = ${id} AND seen_at < ${now.getTime()}`)
    },
    async renew(id, tokenHash, provenAt, fallback) {
      const rows = await db.rows(sql`
        UPDATE session SET token_hash = ${tokenHash}, proven_at = ${provenAt.getTime()}, seen_at = ${provenAt.getTime()},
          fallback_at = CASE WHEN CAST(${fallback ? 1 : 0} AS integer) = 1 THEN fallback_at END
        WHERE id = ${id} AND ended_at IS NULL RETURNING id`)
      return rows.length === 1
    },
    async end(id, now) {
      const rows = await db.rows(sql`
        UPDATE session SET ended_at = ${now.getTime()} WHERE id = ${id} AND ended_at IS NULL RETURNING id`)
      return rows.length === 1
    },
    async endAllOf(userId, now) {
      const rows = await db.rows(sql`
        UPDATE session SET ended_at = ${now.getTime()} WHERE user_id = ${userId} AND ended_at IS NULL RETURNING id`)
      await db.rows(
        sql`UPDATE sign_in SET closed_at = ${now.getTime()} WHERE user_id = ${userId} AND closed_at IS NULL`,
      )
      return rows.length
    },
  }
}

function signInFromRow(row: Row): SignIn {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    stage: text(row.stage) as SignIn['stage'],
    address: textOrNone(row.address),
    userAgent: textOrNone(row.user_agent),
    expiresAt: date(row.expires_at),
  }
}

function sessionFromRow(row: Row): Session {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    provenAt: date(row.proven_at),
    seenAt: date(row.seen_at),
    expiresAt: date(row.expires_at),
  }
}
