import type { Dialect, Query, Row } from './query.ts'

export interface Rows {
  rows(query: Query): Promise<Row[]>
}

export interface Scripts extends Rows {
  /** Runs a text of many statements, functions and triggers included. It has no holes. */
  script(text: string): Promise<void>
}

/**
 * A database that acknowledges only what is durable.
 *
 * `write` runs a unit of work: all of it happens or nothing, and its promise settles after the commit. A unit may be
 * run again (PostgreSQL serialization failures), and on SQLite it shares a commit with its neighbours, so it does
 * nothing but queries: no outside call, no timer, no waiting for anything else. Once the database has refused one of
 * its statements the unit is undone, even if it catches that error: PostgreSQL cannot go on, and SQLite does the same.
 * A statement that gives no rows may settle before the database has taken it; its refusal then shows at a later one, or
 * at the end.
 *
 * `rows` of the database itself is for reading. It sees only what is committed.
 *
 * Both reject with AppError: `queue.full`, `database.unreachable` (PostgreSQL), `database.unwritable` (SQLite). A
 * refused statement (a constraint, say) rejects with the driver's own error.
 */
export interface Database extends Rows {
  readonly dialect: Dialect
  write<T>(unit: (tx: Rows) => Promise<T>): Promise<T>
  /** A unit that changes the tables, for migrations: without time limits, and one at a time on all nodes. */
  alter<T>(unit: (tx: Scripts) => Promise<T>): Promise<T>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  /** Waits for the units under way. What comes later is rejected. */
  close(): Promise<void>
}
