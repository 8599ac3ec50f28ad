import pg from 'pg'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { Database, Scripts } from './database.ts'
import { onClient } from './postgres-client.ts'
import { named, troubleOf, unreachable } from './postgres-trouble.ts'
import { runUnit, type Turn } from './postgres-unit.ts'
import { sql } from './query.ts'

export type PostgresOptions = {
  connections?: number | undefined
  /** Callers that may wait for a connection; one more is told to try again. */
  mostWaiting?: number | undefined
  patience?: Patience | undefined
  log?: Log | undefined
}

/** Milliseconds. `query` is ours and catches a server that never answers; it is longer than `statement`, the server's. */
export type Patience = { connect: number; statement: number; query: number }

const PATIENCE: Patience = { connect: 5_000, statement: 8_000, query: 10_000 }
const ALTERING_MAY_TAKE_MS = 3_600_000
const MOST_ATTEMPTS = 5
/** Any number will do, if all nodes have the same. */
const ALTERING_LOCK = 'SELECT pg_advisory_xact_lock(5112044177)'

export function postgres(connectionString: string, options: PostgresOptions = {}): Database {
  const { connections = 10, mostWaiting = 2_000, patience = PATIENCE, log } = options
  const pool = openPool(connectionString, connections, patience, log)
  let asking = 0
  let closing: Promise<void> | undefined

  /** A turn that may help is taken again, on another connection if need be, until patience ends. */
  async function persevere<T>(turn: () => Promise<Turn<T>>): Promise<T> {
    if (asking >= connections + mostWaiting) throw new AppError('queue.full')
    const began = performance.now()
    asking++
    try {
      for (let attempt = 1; ; attempt++) {
        const taken = await turn()
        if (taken.ok) return taken.value
        const patient = attempt < MOST_ATTEMPTS && performance.now() - began < patience.query
        if (!taken.again || !patient) throw taken.error
      }
    } finally {
      asking--
    }
  }

  async function writeOnce<T>(unit: (tx: Scripts) => Promise<T>): Promise<Turn<T>> {
    const client = await pool.connect().catch(notConnected)
    const turn = await runUnit(client, unit)
    client.release(turn.ok ? undefined : turn.broken)
    return turn
  }

  async function readOnce(query: Parameters<Database['rows']>[0]): Promise<Turn<pg.QueryResultRow[]>> {
    const client = await pool.connect().catch(notConnected)
    try {
      const value = await onClient(client).rows(query)
      client.release()
      return { ok: true, value }
    } catch (error) {
      const trouble = troubleOf(error)
      const broken = trouble === 'lost' ? (error as Error) : undefined
      client.release(broken)
      return { ok: false, error: named(error), again: trouble === 'again' || trouble === 'lost', broken }
    }
  }

  const rows: Database['rows'] = (query) => persevere(() => readOnce(query))

  return {
    dialect: 'postgres',
    rows,
    write: (unit) => persevere(() => writeOnce(unit)),
    alter: (unit) => alter(connectionString, patience, unit),
    async ping() {
      await rows(sql`SELECT 1`)
    },
    close() {
      closing ??= pool.end()
      return closing
    },
  }
}

function openPool(connectionString: string, max: number, patience: Patience, log: Log | undefined): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: 'sallyport',
    keepAlive: true,
    connectionTimeoutMillis: patience.connect,
    statement_timeout: patience.statement,
    // A node that freezes within a unit must not hold its locks against the others.
    idle_in_transaction_session_timeout: patience.statement,
    query_timeout: patience.query,
    // A statement is sent without waiting for what became of the one before.
    pipeline: true,
    // Outside of units nothing is written, as with SQLite's reader.
    onConnect: async (client) => void (await client.query('SET default_transaction_read_only = on')),
  })
  // Whoever uses a connection hears of its end by the next query; one that nobody uses is replaced by the pool.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', (error) => log?.warn('a database connection ended', { code: (error as { code?: string }).code }))
  return pool
}

/** On a connection of its own: building an index may take longer than any request waits. */
async function alter<T>(connectionString: string, patience: Patience, unit: (tx: Scripts) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    application_name: 'sallyport migration',
    keepAlive: true,
    connectionTimeoutMillis: patience.connect,
    query_timeout: ALTERING_MAY_TAKE_MS,
    pipeline: true,
  })
  client.on('error', () => {})
  await client.connect().catch(notConnected)
  try {
    const turn = await runUnit(client, unit, [ALTERING_LOCK])
    if (!turn.ok) throw turn.error
    return turn.value
  } finally {
    await client.end().catch(() => {})
  }
}

function notConnected(cause: unknown): never {
  throw unreachable(cause)
}
