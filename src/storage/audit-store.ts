import type { AuditLog, AuditReader, RecordedEvent } from '../core/audit/audit.ts'
import type { EventName } from '../core/audit/events.ts'
import type { Facts, Ids } from '../core/ports.ts'
import { date, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function auditLog(db: Rows, ids: Ids): AuditLog {
  return {
    async write({ what, at, userId, address, userAgent, facts }) {
      await db.rows(sql`
        INSERT INTO audit (id, at, what, user_id, address, user_agent, facts)
        VALUES (${ids.next()}, ${at.getTime()}, ${what}, ${orNull(userId)}, ${orNull(address)}, ${orNull(userAgent)},
          ${facts ? JSON.stringify(facts) : null})`)
    },
  }
}

export function auditReader(db: Rows): AuditReader {
  return {
    async ofUser(userId, whats, before, most) {
      const from = before ?? Number.MAX_SAFE_INTEGER
      const rows = await db.rows(sql`
        SELECT * FROM audit WHERE user_id = ${userId} AND seq < ${from} AND ${`,${whats.join(',')},`} LIKE '%,' || what || ',%'
        ORDER BY seq DESC LIMIT ${most}`)
      return rows.map(fromRow)
    },
  }
}

function fromRow(row: Row): RecordedEvent {
  return {
    seq: number(row.seq),
    id: text(row.id),
    at: date(row.at),
    what: text(row.what) as EventName,
    userId: textOrNone(row.user_id),
    address: textOrNone(row.address),
    userAgent: textOrNone(row.user_agent),
    facts: row.facts === null ? undefined : (JSON.parse(text(row.facts)) as Facts),
  }
}
