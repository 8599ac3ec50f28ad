import pg from 'pg'
import { AppError } from '../../core/errors.ts'
import type { Scripts } from './database.ts'
import { givesRows, onClient, writingAtOnce } from './postgres-client.ts'
import { named, type Trouble, troubleOf } from './postgres-trouble.ts'

/** `again`: nothing has happened, and it may help to run the unit once more. */
export type Turn<T> = { ok: true; value: T } | { ok: false; error: unknown; again: boolean; broken: Error | undefined }

/** What went wrong first. `undone`: the server will not commit the unit, for certain. */
type Failure = { met: unknown; trouble: Trouble; undone: boolean }

/** Connections only read but for this, so that no statement on its way behind a BEGIN that failed is taken by itself. */
const BEGIN = 'BEGIN READ WRITE'

/**
 * Runs a unit once, between BEGIN (and what else `before` says) and COMMIT.
 *
 * BEGIN, and statements that give no rows, are not waited for: they go with what comes after them, in their order. Once
 * the server has refused one it refuses all that come behind it, and answers COMMIT with ROLLBACK.
 */
export async function runUnit<T>(
  client: pg.Client,
  unit: (tx: Scripts) => Promise<T>,
  before: readonly string[] = [],
): Promise<Turn<T>> {
  const { tx, begin, commit, failure, end } = handle(client)
  let committing = false
  try {
    begin()
    for (const text of before) await tx.script(text)
    const value = await unit(tx)
    // A connection that has ended by now refuses within this tick, and leaves no commit in doubt.
    await new Promise<void>((ticked) => process.nextTick(ticked))
    orThrow(failure())
    committing = true
    await commit()
    orThrow(failure())
    return { ok: true, value }
  } catch (error) {
    const { trouble, undone = true } = failure() ?? {}
    const inDoubt = committing && !undone
    return { ok: false, error: told(error, inDoubt), ...(await rolledBack(client, trouble, inDoubt)) }
  } finally {
    end()
  }
}

function orThrow(failure: Failure | undefined): void {
  if (failure) throw failure.met
}

function told(error: unknown, inDoubt: boolean): unknown {
  if (!inDoubt) return error
  return new AppError('database.unreachable', {
    detail: 'it is not known whether the last commit was made',
    cause: error,
  })
}

/** The connection is given back clean, or named broken. A commit in doubt is never tried again. */
async function rolledBack(client: pg.Client, trouble: Trouble | undefined, inDoubt: boolean) {
  const again = trouble === 'again' || (trouble === 'lost' && !inDoubt)
  if (trouble === 'lost') return { again, broken: new Error('the connection is of no more use') }
  const broken = await client.query('ROLLBACK').then(
    () => undefined,
    (error: Error) => error,
  )
  return { again, broken }
}

/** What a unit holds. It is good for the time of the unit only: the connection goes to another one afterwards. */
function handle(client: pg.Client) {
  const connection = onClient(client)
  const gather = writingAtOnce(client)
  let ended = false
  let failed: Failure | undefined
  // The end of a connection that is asked nothing at the moment. What is asked of it afterwards is refused some turns later.
  const lost = (error: Error) => {
    failed ??= { met: named(error), trouble: troubleOf(error), undone: true }
  }
  client.on('error', lost)

  async function watched<T>(query: () => Promise<T>, committing = false): Promise<T> {
    gather()
    try {
      return await query()
    } catch (error) {
      const [met, trouble] = [named(error), troubleOf(error)]
      // A COMMIT that was cut off may have been made all the same.
      const undone = committing ? trouble === 'again' || trouble === 'refused' : error instanceof pg.DatabaseError
      failed ??= { met, trouble, undone }
      throw met
    }
  }

  function inTime(): void {
    if (ended) throw new Error('This unit of work has ended.')
  }

  /** Sent, and not waited for: what becomes of it `failure` tells. */
  function send(query: () => Promise<unknown>): void {
    watched(query).catch(() => {})
  }

  const tx: Scripts = {
    async rows(query) {
      inTime()
      if (givesRows(query)) return watched(() => connection.rows(query))
      send(() => connection.rows(query))
      return []
    },
    async script(text) {
      inTime()
      await watched(() => connection.script(text))
    },
  }
  return {
    tx,
    begin: () => send(() => connection.script(BEGIN)),
    commit() {
      client.off('error', lost)
      return watched(() => connection.script('COMMIT'), true).catch(() => {})
    },
    failure: () => failed,
    end() {
      client.off('error', lost)
      ended = true
    },
  }
}
