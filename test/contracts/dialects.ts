import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import {
  dropDatabase,
  freshDatabase,
  modelDatabase,
  type PostgresHost,
  postgresPrograms,
  startPostgres,
} from '../../dev/hosts/postgres.ts'
import { migrate } from '../../src/storage/migrate.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { type PostgresOptions, postgres } from '../../src/storage/sql/postgres.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'
import { putMigrated } from '../migrated-file.ts'
import { PATIENT } from './patience.ts'

export type Options = Pick<PostgresOptions, 'mostWaiting' | 'connections' | 'patience'>
/** A database, and as many handles on it as are asked for: each is what a node of its own would have. */
export type Place = { where: string; connect(options?: Options): Database }

/** Set by the test command to a server where databases may be made; without it a cluster is started here. */
const server = process.env.SALLYPORT_TEST_POSTGRES || undefined
const hasPostgres = server !== undefined || postgresPrograms() !== undefined

/** The database that others are copies of. */
const MODEL = 'with_tables'

const opened: Database[] = []
const folders: string[] = []
const databases: Promise<string>[] = []
let cluster: Promise<PostgresHost> | undefined
let ours: Promise<string> | undefined
let model: Promise<void> | undefined

/** Each dialect with a way to an empty database that nobody else uses. */
export const places: readonly [dialect: string, place: () => Promise<Place>][] = [
  ['SQLite', sqlitePlace],
  ...(hasPostgres ? [['PostgreSQL', postgresPlace] as [string, typeof postgresPlace]] : []),
]

/** The same with our tables in it, and nothing else. */
export const migratedPlaces: typeof places = [
  ['SQLite', migratedSqlite],
  ...(hasPostgres ? [['PostgreSQL', migratedPostgres] as [string, typeof migratedPostgres]] : []),
]

/** Each dialect with a way to one handle on such a database. It is closed after the file's tests. */
export const dialects = migratedPlaces.map(
  ([dialect, place]): [dialect: string, open: (options?: Options) => Promise<Database>] => [
    dialect,
    async (options) => (await place()).connect(options),
  ],
)

if (!hasPostgres) test('on PostgreSQL', { skip: 'PostgreSQL is not installed (Debian: postgresql)' }, () => {})

after(async () => {
  await Promise.all(opened.map((database) => database.close()))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  if (cluster) return (await cluster).stop()
  for (const database of databases) await dropDatabase(await database)
})

async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  folders.push(folder)
  const file = join(folder, 'sallyport.db')
  return { where: file, connect: (options) => kept(sqlite(file, options)) }
}

async function migratedSqlite(): Promise<Place> {
  const place = await sqlitePlace()
  await putMigrated(place.where)
  return place
}

/** A schema each in one database for this process: made in milliseconds, where a database takes a tenth of a second. */
async function postgresPlace(): Promise<Place> {
  ours ??= ownDatabase()
  const schema = `s_${randomBytes(8).toString('hex')}`
  const url = new URL(await ours)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}`)
  await client.end()
  url.searchParams.set('options', `-c search_path=${schema}`)
  return { where: url.href, connect: (options) => kept(postgres(url.href, { ...PATIENT, ...options })) }
}

/** A copy of a database with our tables: a quarter of the time that making them takes. */
async function migratedPostgres(): Promise<Place> {
  model ??= serverUrl().then((url) => modelDatabase(url, MODEL, (made) => makeTables(made)))
  await model
  const where = await ownDatabase(MODEL)
  return { where, connect: (options) => kept(postgres(where, { ...PATIENT, ...options })) }
}

async function makeTables(url: string): Promise<void> {
  const database = postgres(url)
  await migrate({ database, clock: { now: () => new Date() } })
  await database.close()
}

/** One that is dropped at the end. */
async function ownDatabase(like?: string): Promise<string> {
  const database = freshDatabase(await serverUrl(), like)
  databases.push(database)
  return database
}

async function serverUrl(): Promise<string> {
  if (server !== undefined) return server
  cluster ??= startPostgres()
  return (await cluster).url
}

function kept(database: Database): Database {
  opened.push(database)
  return database
}
