import type pg from 'pg'
import { AppError } from '../../core/errors.ts'
import type { Scripts } from './database.ts'
import { named, type Trouble, troubleOf } from './postgres-trouble.ts'
import { textOf } from './query.ts'

/** `again`: nothing has happened, and it may help to run the unit once more. */
export type Turn<T> = { ok: true; value: T } | { ok: false; error: unknown; again: boolean; broken: Error | undefined }
type Client = pg.Pool | pg.ClientBase

// A text is prepared once a connection, under a name of its own. Texts stand in the code, so there is an end to them.
const names = new Map<string, string>()

/** Queries on one connection, or on any of a pool. Rejects with the driver's error. */
export function onClient(client: Client): Scripts {
  return {
    async rows(query) {
      const text = textOf(query, 'postgres')
      const name = names.get(text) ?? `q${names.size}`
      names.set(text, name)
      return (await client.query({ name, text, values: [...query.values] })).rows
    },
    async script(text) {
      // Without values it goes by the simple protocol, which takes a text of many statements.
      await client.query(text)
    },
  }
}

/** Runs a unit once, between BEGIN (and what else `before` says) and COMMIT. */
export async function runUnit<T>(
  client: pg.ClientBase,
  unit: (tx: Scripts) => Promise<T>,
  before: readonly string[] = [],
): Promise<Turn<T>> {
  const { tx, failure, end } = handle(onClient(client))
  let committing = false
  try {
    await tx.script('BEGIN')
    for (const text of before) await tx.script(text)
    const value = await unit(tx)
    // Without this PostgreSQL would answer COMMIT with ROLLBACK, which is not an error.
    const refused = failure()
    if (refused) throw refused.met
    committing = true
    await tx.script('COMMIT')
    return { ok: true, value }
  } catch (error) {
    const trouble = failure()?.trouble
    return { ok: false, error: told(error, trouble, committing), ...(await undone(client, trouble, committing)) }
  } finally {
    end()
  }
}

function told(error: unknown, trouble: Trouble | undefined, committing: boolean): unknown {
  const inDoubt = committing && (trouble === 'lost' || trouble === 'late')
  if (!inDoubt) return error
  return new AppError('database.unreachable', {
    detail: 'it is not known whether the last commit was made',
    cause: error,
  })
}

/** The connection is given back clean, or named broken. A commit in doubt is never tried again. */
async function undone(client: pg.ClientBase, trouble: Trouble | undefined, committing: boolean) {
  const again = trouble === 'again' || (trouble === 'lost' && !committing)
  if (trouble === 'lost') return { again, broken: new Error('the connection is of no more use') }
  const broken = await client.query('ROLLBACK').then(
    () => undefined,
    (error: Error) => error,
  )
  return { again, broken }
}

/** What a unit holds. It is good for the time of the unit only: the connection goes to another one afterwards. */
function handle(connection: Scripts) {
  let ended = false
  let failed: { met: unknown; trouble: Trouble } | undefined

  async function watched<T>(query: () => Promise<T>): Promise<T> {
    if (ended) throw new Error('This unit of work has ended.')
    try {
      return await query()
    } catch (error) {
      const met = named(error)
      failed ??= { met, trouble: troubleOf(error) }
      throw met
    }
  }

  const tx: Scripts = {
    rows: (query) => watched(() => connection.rows(query)),
    script: (text) => watched(() => connection.script(text)),
  }
  return {
    tx,
    failure: () => failed,
    end: () => {
      ended = true
    },
  }
}
