import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../core/errors.ts'
import type { Rows, Scripts } from './database.ts'
import { isBusy, isConstraint, keepUndo, named, onConnection } from './sqlite-connection.ts'

type Unit<T> = (tx: Scripts) => Promise<T>
type Settle = () => void
/** `alters`: changes tables, and is committed alone. */
type Waiting = { alters: boolean; run(tx: Scripts): Promise<Settle>; fail(error: unknown): void }

const MOST_IN_A_GROUP = 256
const LOCK_WAITS_MS = 5_000

/** Units that wait in the same turn of the event loop are committed together: one fsync for all. */
export function groupCommit(db: DatabaseSync, mostWaiting: number) {
  const connection = onConnection(db)
  const savepoint = db.prepare('SAVEPOINT unit')
  const release = db.prepare('RELEASE unit')
  const waiting: Waiting[] = []
  let committing: Promise<void> | undefined
  let closed = false

  function add<T>(unit: Unit<T>, alters = false): Promise<T> {
    if (closed) return Promise.reject(new AppError('database.unreachable', { detail: 'it is closed' }))
    if (waiting.length >= mostWaiting) return Promise.reject(new AppError('queue.full'))
    return new Promise<T>((resolve, reject) => {
      waiting.push({
        alters,
        fail: reject,
        async run(tx) {
          const value = await unit(tx)
          return () => resolve(value)
        },
      })
      committing ??= new Promise<void>((done) => setImmediate(() => void commitAll().finally(done)))
    })
  }

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      await commitNext()
      // Everything above happens within one turn; whoever else waits for the event loop goes next.
      await nextTurn()
    }
    committing = undefined
  }

  async function commitNext(): Promise<void> {
    const before = waiting.findIndex(({ alters }) => alters)
    if (before === 0) return commitAlteration()
    await commit(waiting.splice(0, before < 0 ? MOST_IN_A_GROUP : Math.min(before, MOST_IN_A_GROUP)))
  }

  /** What sorts an index over all of the audit may be larger than memory, and lies where the undo does. */
  async function commitAlteration(): Promise<void> {
    keepUndo('in files', db)
    await commit(waiting.splice(0, 1))
    keepUndo('in memory', db)
  }

  async function commit(group: Waiting[]): Promise<void> {
    const settle: Settle[] = []
    try {
      await begin(db)
      for (const waiter of group) settle.push(await inSavepoint(waiter))
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      // A constraint that is looked at only when committing (DEFERRED) fails the group for the fault of one.
      if (isConstraint(error) && group.length > 1) {
        for (const waiter of group) await commit([waiter])
      } else {
        for (const waiter of group) waiter.fail(named(error))
      }
      return
    }
    for (const each of settle) each()
  }

  /** A refusal too is told only after the commit: it may rest on what a neighbour wrote. */
  async function inSavepoint(waiter: Waiting): Promise<Settle> {
    const { tx, end } = handle(db, connection)
    savepoint.run()
    let settle: Settle
    try {
      settle = await inThisTurn(waiter.run(tx))
      const refused = end()
      if (refused) throw refused.error
    } catch (error) {
      end()
      // A full disk and the like undo the whole transaction at once, neighbours and all.
      if (!db.isTransaction) throw error
      db.exec('ROLLBACK TO unit')
      settle = () => waiter.fail(error)
    }
    release.run()
    return settle
  }

  return {
    write: <T>(unit: Unit<T>) => add(unit),
    alter: <T>(unit: Unit<T>) => add(unit, true),
    async close() {
      closed = true
      await committing
    },
  }
}

/** What a unit holds. It is good for the time of the unit only, or a straggler would write into its neighbour. */
function handle(db: DatabaseSync, connection: Rows) {
  let ended = false
  let refused: { error: unknown } | undefined

  async function watched<T>(query: () => Promise<T>): Promise<T> {
    if (ended) throw new Error('This unit of work has ended.')
    try {
      return await query()
    } catch (error) {
      refused ??= { error }
      throw error
    }
  }

  const tx: Scripts = {
    rows: (query) => watched(() => connection.rows(query)),
    script: (text) => watched(async () => db.exec(text)),
  }
  return {
    tx,
    end() {
      ended = true
      return refused
    },
  }
}

/** Queries here need no waiting, so a unit that is not through in its turn waits for something else and holds up everyone. */
function inThisTurn<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setImmediate(() => reject(new Error('A unit of work waited for something other than its queries.')))
    work.then(resolve, reject).finally(() => clearImmediate(late))
  })
}

/** Another program (the command line, a backup) may hold the file for a moment. */
async function begin(db: DatabaseSync): Promise<void> {
  const deadline = performance.now() + LOCK_WAITS_MS
  for (;;) {
    try {
      db.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
      await wait(10)
    }
  }
}
