import { readdirSync, readFileSync } from 'node:fs'
import { AppError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { Database, Rows, Scripts } from './sql/database.ts'
import { type Dialect, sql } from './sql/query.ts'

type Migration = { number: number; name: string; text: string }
type Needs = { database: Database; clock: Clock }

const OURS = new URL('./migrations/', import.meta.url)
const FILE = /^(?<number>\d{4})-(?<name>[a-z0-9-]+?)(?<postgres>\.postgres)?\.sql$/

/**
 * Brings the database up to this program, and says which migrations (`0007-challenge`) it took.
 *
 * Each is one transaction, recorded in the table `migration`, and nodes that start at once take turns. Rejects with
 * AppError `database.newer` when the database has a migration that this program lacks: it may have changed what we rely on.
 */
export async function migrate({ database, clock }: Needs, folder: URL | string = OURS): Promise<string[]> {
  const known = readMigrations(folder, database.dialect)
  const taken: string[] = []
  for (;;) {
    const next = await database.alter((tx) => takeNext(tx, known, clock.now()))
    if (next === undefined) return taken
    taken.push(next)
  }
}

/** What was done is read again within each transaction: another node may have been quicker. */
async function takeNext(tx: Scripts, known: readonly Migration[], now: Date): Promise<string | undefined> {
  const done = await numbersDone(tx)
  const newest = Math.max(0, ...done)
  const unknown = [...done].filter((number) => !known.some((migration) => migration.number === number))
  if (unknown.length > 0) {
    throw new AppError('database.newer', {
      detail: `it is at migration ${newest}, and ${unknown.join(', ')} is unknown here`,
    })
  }

  const next = known.find((migration) => !done.has(migration.number))
  if (!next) return undefined
  const label = `${String(next.number).padStart(4, '0')}-${next.name}`
  try {
    await tx.script(next.text)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new Error(`Migration ${label} failed: ${(cause as Error).message}`, { cause })
  }
  await tx.rows(
    sql`INSERT INTO migration (number, name, applied_at) VALUES (${next.number}, ${next.name}, ${now.getTime()})`,
  )
  return label
}

async function numbersDone(tx: Scripts & Rows): Promise<Set<number>> {
  await tx.script(`CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    applied_at bigint NOT NULL
  )`)
  const rows = await tx.rows(sql`SELECT number FROM migration`)
  return new Set(rows.map((row) => Number(row.number)))
}

/** `NNNN-name.sql` of the folder in order; on PostgreSQL `NNNN-name.postgres.sql` instead, where that is. */
function readMigrations(folder: URL | string, dialect: Dialect): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  const migrations = new Map<number, Migration & { postgres: boolean }>()
  // Sorted, the plain file comes after its PostgreSQL one.
  for (const file of files.sort()) {
    const { number, name, postgres } = FILE.exec(file)?.groups ?? {}
    // Passing a misnamed file over would leave its tables out without a word.
    if (number === undefined || name === undefined) throw new Error(`${file} is not named NNNN-name.sql`)
    if (postgres && !files.includes(`${number}-${name}.sql`)) throw new Error(`${file} has no ${number}-${name}.sql`)

    const known = migrations.get(Number(number))
    if (known && known.name !== name) throw new Error(`${known.name} and ${name} have the same number ${number}`)
    if ((postgres && dialect === 'sqlite') || known?.postgres) continue
    const text = readFileSync(folder instanceof URL ? new URL(file, folder) : `${folder}/${file}`, 'utf8')
    migrations.set(Number(number), { number: Number(number), name, text, postgres: postgres !== undefined })
  }
  return [...migrations.values()].sort((a, b) => a.number - b.number)
}
