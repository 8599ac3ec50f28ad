import type { Checkpoint, Entry, Link, Sealed } from '../core/audit/chain.ts'
import type { AuditChain, SealedLog } from '../core/audit/chain-store.ts'
import { number, text } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Dialect, type Query, type Row, sql } from './sql/query.ts'

export function auditChain(tx: Rows, dialect: Dialect): AuditChain {
  return {
    async head() {
      const [row] = await tx.rows(sql`
        SELECT position, hash FROM audit_checkpoint WHERE position = (SELECT max(position) FROM audit_checkpoint)`)
      return row && linkFromRow(row)
    },
    async unsealed(most) {
      const rows = await tx.rows(sql`
        SELECT seq, id, at, what, user_id, address, user_agent, facts FROM audit
        WHERE position IS NULL ORDER BY seq LIMIT ${most}`)
      return rows.map(entryFromRow)
    },
    async seal(batch) {
      return (await tx.rows(sealing(batch, dialect))).length
    },
    async addCheckpoint({ position, hash, mac, at }) {
      await tx.rows(
        sql`INSERT INTO audit_checkpoint (position, hash, mac, at) VALUES (${position}, ${hash}, ${mac}, ${at})`,
      )
    },
  }
}

/**
 * One statement for a batch: here the two dialects differ, in how a list is given to them. The `+` keeps SQLite from
 * taking the index of what is not sealed, and the list anew for each of its rows: that took 300 times as long.
 */
function sealing(batch: readonly Sealed[], dialect: Dialect): Query {
  const links = JSON.stringify(batch.map(({ position, hash, entry: { seq } }) => ({ seq, position, hash })))
  return dialect === 'sqlite'
    ? sql`
        UPDATE audit SET position = link.value ->> 'position', hash = link.value ->> 'hash'
        FROM json_each(${links}) AS link WHERE audit.seq = link.value ->> 'seq' AND +audit.position IS NULL
        RETURNING audit.seq`
    : sql`
        UPDATE audit SET position = link.position, hash = link.hash
        FROM json_to_recordset(${links}::json) AS link (seq bigint, position bigint, hash text)
        WHERE audit.seq = link.seq AND audit.position IS NULL
        RETURNING audit.seq`
}

export function sealedLog(db: Rows): SealedLog {
  return {
    async extent() {
      const [row] = await db.rows(sql`
        SELECT (SELECT max(position) FROM audit_checkpoint) AS signed, (SELECT max(position) FROM audit) AS chained,
          (SELECT count(*) FROM audit WHERE position IS NULL) AS unsealed`)
      return { signed: number(row?.signed), chained: number(row?.chained), unsealed: number(row?.unsealed) }
    },
    async entries({ after, upTo }, most) {
      const rows = await db.rows(sql`
        SELECT * FROM audit WHERE position > ${after} AND position <= ${upTo} ORDER BY position LIMIT ${most}`)
      return rows.map((row) => ({ ...linkFromRow(row), entry: entryFromRow(row) }))
    },
    async checkpoints({ after, upTo }) {
      const rows = await db.rows(sql`
        SELECT * FROM audit_checkpoint WHERE position > ${after} AND position <= ${upTo} ORDER BY position`)
      return rows.map((row): Checkpoint => ({ ...linkFromRow(row), mac: text(row.mac), at: number(row.at) }))
    },
  }
}

function linkFromRow(row: Row): Link {
  return { position: number(row.position), hash: text(row.hash) }
}

/** The columns as they are: the facts are not parsed, since another text of the same facts is another entry. */
function entryFromRow(row: Row): Entry {
  const column = (value: unknown) => (value === null ? null : text(value))
  return {
    seq: number(row.seq),
    id: text(row.id),
    at: number(row.at),
    what: text(row.what),
    userId: column(row.user_id),
    address: column(row.address),
    userAgent: column(row.user_agent),
    facts: column(row.facts),
  }
}
