import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import {
  dropDatabase,
  freshDatabase,
  type PostgresHost,
  postgresPrograms,
  startPostgres,
} from '../../dev/hosts/postgres.ts'
import { migrate } from '../../src/storage/migrate.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { type PostgresOptions, postgres } from '../../src/storage/sql/postgres.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'

export type Options = Pick<PostgresOptions, 'mostWaiting' | 'connections' | 'patience'>
/** An empty database, and as many handles on it as are asked for: each is what a node of its own would have. */
export type Place = { where: string; connect(options?: Options): Database }

/** Set by the test command to a server where databases may be made; without it a cluster is started here. */
const server = process.env.SALLYPORT_TEST_POSTGRES || undefined
const hasPostgres = server !== undefined || postgresPrograms() !== undefined

const opened: Database[] = []
const folders: string[] = []
let cluster: Promise<PostgresHost> | undefined
let ours: Promise<string> | undefined

/** Each dialect with a way to an empty database that nobody else uses. */
export const places: readonly [dialect: string, place: () => Promise<Place>][] = [
  ['SQLite', sqlitePlace],
  ...(hasPostgres ? [['PostgreSQL', postgresPlace] as [string, typeof postgresPlace]] : []),
]

/** Each dialect with a way to a database of its own, migrated and otherwise empty. It is closed after the file's tests. */
export const dialects: readonly [dialect: string, open: (options?: Options) => Promise<Database>][] = places.map(
  ([dialect, place]) => [dialect, async (options) => migrated((await place()).connect(options))],
)

if (!hasPostgres) test('on PostgreSQL', { skip: 'PostgreSQL is not installed (Debian: postgresql)' }, () => {})

after(async () => {
  await Promise.all(opened.map((database) => database.close()))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  if (cluster) await (await cluster).stop()
  else if (ours) await dropDatabase(await ours)
})

async function migrated(database: Database): Promise<Database> {
  await migrate({ database, clock: { now: () => new Date() } })
  return database
}

async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  folders.push(folder)
  const file = join(folder, 'sallyport.db')
  return { where: file, connect: (options) => kept(sqlite(file, options)) }
}

/** A schema each in one database for this process: made in milliseconds, where a database takes a tenth of a second. */
async function postgresPlace(): Promise<Place> {
  ours ??= ourDatabase()
  const schema = `s_${randomBytes(8).toString('hex')}`
  const url = new URL(await ours)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}`)
  await client.end()
  url.searchParams.set('options', `-c search_path=${schema}`)
  return { where: url.href, connect: (options) => kept(postgres(url.href, options)) }
}

async function ourDatabase(): Promise<string> {
  if (server !== undefined) return freshDatabase(server)
  cluster ??= startPostgres()
  return (await cluster).freshDatabase()
}

function kept(database: Database): Database {
  opened.push(database)
  return database
}
