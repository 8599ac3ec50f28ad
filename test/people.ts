import type { Clock } from '../src/core/ports.ts'
import { migrate } from '../src/storage/migrate.ts'
import type { Database } from '../src/storage/sql/database.ts'
import { sql } from '../src/storage/sql/query.ts'

/** Migrates a database and puts people into it of whom nothing but the name matters; that is their id too. */
export async function withPeople(database: Database, clock: Clock, ...names: string[]): Promise<void> {
  await migrate({ database, clock })
  await database.write(async (tx) => {
    for (const name of names) {
      await tx.rows(sql`INSERT INTO users (id, directory, username, username_key, created_at)
        VALUES (${name}, 'local', ${name}, ${name}, 0)`)
    }
  })
}
