import { ItemRules, ItemScope } from '../contract/operate-sync.ts'
import type { SyncItem, SyncItemStore } from '../core/sync/item.ts'
import { date, dateOrNone, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function syncItemStore(db: Rows): SyncItemStore {
  return {
    async list() {
      return (await db.rows(sql`SELECT * FROM sync_item ORDER BY position, id`)).map(fromRow)
    },
    async findByName(name) {
      const [row] = await db.rows(sql`SELECT * FROM sync_item WHERE name = ${name}`)
      return row && fromRow(row)
    },
    async hold() {
      const rows = await db.rows(sql`UPDATE sync_item SET id = id RETURNING id, revision`)
      return rows.map((row) => ({ id: text(row.id), revision: number(row.revision) }))
    },
    async insert({ id, name, scope, rules, changedAt }) {
      const rows = await db.rows(sql`
        INSERT INTO sync_item (id, name, position, scope, rules, changed_at)
        SELECT ${id}, ${name}, coalesce(max(position), 0) + 1, ${JSON.stringify(scope)}, ${JSON.stringify(rules)},
          ${changedAt.getTime()}
        FROM sync_item WHERE true
        ON CONFLICT DO NOTHING RETURNING id`)
      return rows.length === 1
    },
    async change(id, { name, scope, rules, changedAt }) {
      const rows = await db.rows(sql`
        UPDATE sync_item SET name = ${name}, scope = ${JSON.stringify(scope)}, rules = ${JSON.stringify(rules)},
          changed_at = ${changedAt.getTime()}, revision = revision + 1, read_to = NULL, read_whole_at = NULL, again = '[]', set_aside = '[]'
        WHERE id = ${id} AND NOT EXISTS (SELECT 1 FROM sync_item other WHERE other.name = ${name} AND other.id <> ${id})
        RETURNING id`)
      return rows.length === 1
    },
    async putFirst(id, changedAt) {
      await db.rows(sql`
        UPDATE sync_item SET position = (SELECT min(position) FROM sync_item) - 1, changed_at = ${changedAt.getTime()}
        WHERE id = ${id}`)
    },
    async remove(id) {
      await db.rows(sql`DELETE FROM sync_item WHERE id = ${id}`)
    },
    async advance({ id, revision }, { cursor, readWholeAt, again, setAside }) {
      await db.rows(sql`
        UPDATE sync_item SET read_to = ${orNull(cursor)}, read_whole_at = ${orNull(readWholeAt?.getTime())},
          again = ${JSON.stringify(again)}, set_aside = ${JSON.stringify(setAside)}
        WHERE id = ${id} AND revision = ${revision}`)
    },
  }
}

function fromRow(row: Row): SyncItem {
  return {
    id: text(row.id),
    name: text(row.name),
    scope: ItemScope.parse(JSON.parse(text(row.scope))),
    rules: ItemRules.parse(JSON.parse(text(row.rules))),
    revision: number(row.revision),
    changedAt: date(row.changed_at),
    cursor: textOrNone(row.read_to),
    readWholeAt: dateOrNone(row.read_whole_at),
    again: JSON.parse(text(row.again)),
    setAside: JSON.parse(text(row.set_aside)),
  }
}
