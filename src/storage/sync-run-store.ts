import { Finding, RunCounts } from '../contract/operate-sync.ts'
import { noCounts, type RunBy, type SyncRun, type SyncRunLog } from '../core/sync/run-log.ts'
import { date, dateOrNone, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function syncRunLog(db: Rows): SyncRunLog {
  return {
    async begin({ id, by, whole, beganAt, counts }) {
      await db.rows(sql`
        INSERT INTO sync_run (id, begun_by, began_at, whole, counts)
        VALUES (${id}, ${by}, ${beganAt.getTime()}, ${whole ? 1 : 0}, ${JSON.stringify(counts)})`)
    },
    async end(id, { outcome, counts, error, detail, findings }, now) {
      await db.rows(sql`
        UPDATE sync_run SET outcome = ${orNull(outcome)}, counts = ${JSON.stringify(counts)}, error = ${orNull(error)},
          detail = ${orNull(detail)}, findings = ${findings.length > 0 ? JSON.stringify(findings) : null}, ended_at = ${now.getTime()}
        WHERE id = ${id} AND ended_at IS NULL`)
    },
    async isOpen(id) {
      return (await db.rows(sql`SELECT id FROM sync_run WHERE id = ${id} AND ended_at IS NULL`)).length === 1
    },
    async endBroken(now) {
      await db.rows(sql`
        UPDATE sync_run SET outcome = 'failed', error = 'interrupted', ended_at = ${now.getTime()} WHERE ended_at IS NULL`)
    },
    async newest(most, until) {
      const rows = await db.rows(sql`
        SELECT * FROM sync_run WHERE began_at <= ${until?.getTime() ?? Number.MAX_SAFE_INTEGER}
        ORDER BY began_at DESC LIMIT ${most}`)
      return rows.map(fromRow)
    },
    async forgetFindings(keep) {
      await db.rows(sql`
        UPDATE sync_run SET findings = NULL WHERE id IN
          (SELECT id FROM sync_run WHERE findings IS NOT NULL AND began_at > 0
           ORDER BY began_at DESC LIMIT 1000 OFFSET ${keep})`)
    },
    async forget(before, most) {
      await db.rows(sql`
        DELETE FROM sync_run WHERE id IN
          (SELECT id FROM sync_run WHERE began_at < ${before.getTime()} ORDER BY began_at LIMIT ${most})`)
    },
  }
}

function fromRow(row: Row): SyncRun {
  return {
    id: text(row.id),
    by: text(row.begun_by) as RunBy,
    whole: number(row.whole) === 1,
    beganAt: date(row.began_at),
    endedAt: dateOrNone(row.ended_at),
    outcome: textOrNone(row.outcome) as SyncRun['outcome'],
    // A run of an earlier version did not count everything that is counted now.
    counts: RunCounts.parse({ ...noCounts, ...JSON.parse(text(row.counts)) }),
    error: textOrNone(row.error),
    detail: textOrNone(row.detail),
    findings: Finding.array().parse(JSON.parse(textOrNone(row.findings) ?? '[]')),
  }
}
