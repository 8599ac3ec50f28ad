import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { AppError } from '../../core/errors.ts'
import type { Rows } from './database.ts'
import { type Query, type Row, textOf } from './query.ts'

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that tell of the file and not of the statement. */
const BUSY = 5
const CONSTRAINT = 19
/** PERM, READONLY, IOERR, FULL, CANTOPEN */
const UNWRITABLE = new Set([3, 8, 10, 13, 14])
const OPENING_WAITS_MS = 5_000

/** Opens the file twice: reads outside a unit must not see a group that is not committed yet. */
export function openSqlite(file: string): { writer: DatabaseSync; reader: DatabaseSync } {
  let writer: DatabaseSync | undefined
  try {
    // Made by us, so that it is ours alone to read; SQLite gives its -wal and -shm files the same mode.
    closeSync(openSync(file, 'a', 0o600))
    writer = new DatabaseSync(file, { timeout: OPENING_WAITS_MS })
    // A group changes more pages than the standard 2 MiB of cache hold, and the standard log of 4 MiB would be put into
    // the file after every few groups: 32 MiB and 16 MiB.
    writer.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                 PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 67108864`)
    keepUndo('in memory', writer)
    // From here on a lock that another program holds is waited for without holding up the event loop.
    writer.exec('PRAGMA busy_timeout = 0')
    return { writer, reader: new DatabaseSync(file, { readOnly: true, timeout: OPENING_WAITS_MS }) }
  } catch (cause) {
    writer?.close()
    throw new AppError('database.unwritable', { detail: `${file}: ${(cause as Error).message}`, cause })
  }
}

/**
 * Where pages lie as they were before a unit, to undo it by. Past 64 KiB they would go into a file for temporary files,
 * outside of the data folder: four of five writes of a right code. Not within a transaction.
 */
export function keepUndo(where: 'in memory' | 'in files', connection: DatabaseSync): void {
  connection.exec(`PRAGMA temp_store = ${where === 'in memory' ? 'MEMORY' : 'FILE'}`)
}

/** Statements are prepared once a connection. A statement runs to its end within the call. */
export function onConnection(connection: DatabaseSync): Rows {
  const statements = new Map<string, StatementSync>()
  return {
    async rows(query: Query): Promise<Row[]> {
      const text = textOf(query, 'sqlite')
      try {
        let statement = statements.get(text)
        if (!statement) {
          statement = connection.prepare(text)
          statements.set(text, statement)
        }
        return statement.all(...(query.values as SQLInputValue[]))
      } catch (error) {
        throw named(error)
      }
    },
  }
}

/** The trouble with the file by its name; what SQLite has to say of a statement as it is. */
export function named(error: unknown): unknown {
  const code = resultCode(error)
  if (code === BUSY) return new AppError('queue.full', { detail: 'another program holds the database', cause: error })
  if (code !== undefined && UNWRITABLE.has(code)) {
    return new AppError('database.unwritable', { detail: (error as Error).message, cause: error })
  }
  return error
}

export const isBusy = (error: unknown) => resultCode(error) === BUSY
export const isConstraint = (error: unknown) => resultCode(error) === CONSTRAINT

/** The low byte is the primary code, the rest says more (`SQLITE_IOERR_FSYNC`). */
function resultCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: unknown }
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}
