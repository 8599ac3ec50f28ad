import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { end, isRunning } from './ending.ts'
import { freePort } from './port.ts'

export type PostgresHost = {
  /** Of the database `postgres`, as a superuser. */
  url: string
  freshDatabase(): Promise<string>
  stop(): Promise<void>
}

const USER = 'sallyport'
const STARTING_MAY_TAKE_MS = 60_000
/** PostgreSQL's fast shutdown: it does not wait for clients to leave. */
const FAST = 'SIGINT'
/** From PostgreSQL 15 on a new database goes through the log page by page, if nobody says otherwise: half as much work again. */
const COPYING = Number(/postgresql\/(\d+)/.exec(postgresPrograms() ?? '')?.[1]) >= 15 ? ' STRATEGY FILE_COPY' : ''
const WE_ARE_ROOT = process.getuid?.() === 0

/** The folder of PostgreSQL's programs (the newest, where Debian puts them); undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  return globSync('/usr/lib/postgresql/*/bin').sort().at(-1)
}

/** A cluster of its own in a temporary folder, on loopback, without passwords, with fsync on. It ends when we do. */
export async function startPostgres(): Promise<PostgresHost> {
  const programs = postgresPrograms()
  if (!programs) throw new Error('PostgreSQL is not installed; the Debian package is postgresql')

  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'))
  if (WE_ARE_ROOT) chownSync(folder, idOfPostgres('-u'), idOfPostgres('-g'))
  try {
    makeCluster(programs, folder)
    const { url, server } = await startServer(programs, folder)
    const abandon = () => abandoned(server, folder)
    process.once('exit', abandon)
    const stop = async () => {
      process.off('exit', abandon)
      await end(server, FAST)
      rmSync(folder, { recursive: true, force: true })
    }
    return { url, stop, freshDatabase: () => freshDatabase(url) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** A new database on a server where we may make one: empty, or as the one of that name is, to which nobody is connected. */
export async function freshDatabase(serverUrl: string, like = 'template1'): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${like}${COPYING}`)
  return databaseAt(serverUrl, name)
}

/** The database of that name, made by whoever comes first, and seen by nobody before `fill` has ended. */
export async function modelDatabase(serverUrl: string, name: string, fill: (url: string) => Promise<void>) {
  const exclusively = new pg.Client({ connectionString: serverUrl })
  await exclusively.connect()
  try {
    // Let go of when the connection ends.
    await exclusively.query('SELECT pg_advisory_lock(1)')
    const { rowCount } = await exclusively.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount) return
    await exclusively.query(`CREATE DATABASE making_${name}`)
    await fill(databaseAt(serverUrl, `making_${name}`))
    await exclusively.query(`ALTER DATABASE making_${name} RENAME TO ${name}`)
  } finally {
    await exclusively.end()
  }
}

function databaseAt(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Whoever is still connected is sent away. */
export async function dropDatabase(url: string): Promise<void> {
  const { pathname } = new URL(url)
  const server = new URL(url)
  server.pathname = '/postgres'
  await onServer(server.href, `DROP DATABASE IF EXISTS ${pathname.slice(1)} WITH (FORCE)`)
}

function makeCluster(programs: string, folder: string): void {
  const [command, args] = unprivileged(join(programs, 'initdb'), [
    ...['--pgdata', join(folder, 'data'), '--username', USER, '--auth', 'trust'],
    ...['--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync', '--no-instructions'],
  ])
  execFileSync(command, args, { cwd: folder, stdio: 'pipe' })
}

async function startServer(programs: string, folder: string): Promise<{ url: string; server: ChildProcess }> {
  const port = await freePort()
  const [command, args] = unprivileged(join(programs, 'postgres'), [
    ...['-D', join(folder, 'data'), '-k', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
    ...['-c', 'fsync=on', '-c', 'max_connections=1000', '-c', 'deadlock_timeout=100ms'],
  ])
  const server = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  const url = `postgres://${USER}@127.0.0.1:${port}/postgres`
  if (await answers(url, server)) return { url, server }
  await end(server, FAST)
  throw new Error('PostgreSQL did not start')
}

/** PostgreSQL will not run as root. And it must not outlive us, however we end: pdeathsig sees to that. */
function unprivileged(program: string, args: string[]): [command: string, args: string[]] {
  const identity = WE_ARE_ROOT ? ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups'] : []
  return ['setpriv', ['--pdeathsig', 'INT', ...identity, program, ...args]]
}

async function answers(url: string, server: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (isRunning(server) && performance.now() < deadline) {
    try {
      await onServer(url, 'SELECT 1')
      return isRunning(server)
    } catch {
      await wait(25)
    }
  }
  return false
}

/** For the last moment of a process that did not stop us, when there is no waiting for events any more. */
function abandoned(server: ChildProcess, folder: string): void {
  server.kill('SIGQUIT')
  // The server may still be putting files there.
  for (let attempt = 1; attempt <= 40 && existsSync(folder); attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
    }
  }
}

async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000 })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

function idOfPostgres(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }))
}
