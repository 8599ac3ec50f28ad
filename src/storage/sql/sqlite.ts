import type { Database } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { sql } from './query.ts'
import { onConnection, openSqlite } from './sqlite-connection.ts'

export type SqliteOptions = {
  /** Units that may wait; one more is told to try again. At about 30,000 a second this is a third of a second. */
  mostWaiting?: number | undefined
}

/** SQLite in this process: one connection writes, another reads, both on `file`, which is made if it is not there. */
export function sqlite(file: string, { mostWaiting = 10_000 }: SqliteOptions = {}): Database {
  const { writer, reader } = openSqlite(file)
  const commits = groupCommit(writer, mostWaiting)
  const reading = onConnection(reader)
  let closing: Promise<void> | undefined

  return {
    dialect: 'sqlite',
    rows: reading.rows,
    write: commits.write,
    alter: commits.alter,
    async ping() {
      await reading.rows(sql`SELECT 1`)
    },
    close() {
      closing ??= commits.close().then(() => {
        // The reader first: the last to close puts the write-ahead log into the file, which a reader may not.
        reader.close()
        writer.close()
      })
      return closing
    },
  }
}
