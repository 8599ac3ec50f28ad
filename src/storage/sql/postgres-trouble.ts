import pg from 'pg'
import { AppError } from '../../core/errors.ts'

/**
 * What a failed query means for the unit it is part of.
 * `again`: the same connection may try once more. `lost`: the connection is of no more use, another one may be.
 * `late`: nobody waits any longer. `refused`: the statement is at fault.
 */
export type Trouble = 'again' | 'lost' | 'late' | 'refused'

/** SQLSTATE (PostgreSQL manual, appendix A). What is not listed is `refused`. */
const TROUBLES: Record<string, Trouble> = {
  '40001': 'again', // serialization_failure
  '40P01': 'again', // deadlock_detected
  '0A000': 'lost', // "cached plan must not change result type": a table was altered after this connection prepared
  '25006': 'lost', // read_only_sql_transaction: this server is the primary no longer
  '25P03': 'lost', // idle_in_transaction_session_timeout: we were frozen
  '57P01': 'lost', // admin_shutdown
  '57P02': 'lost', // crash_shutdown
  '57P03': 'lost', // cannot_connect_now
  '57014': 'late', // query_canceled: statement_timeout
}

export function troubleOf(error: unknown): Trouble {
  // What does not come from the server tells of the way to it: a closed socket, or our own query_timeout.
  if (!(error instanceof pg.DatabaseError)) return 'lost'
  const code = error.code ?? ''
  return TROUBLES[code] ?? (code.startsWith('08') ? 'lost' : 'refused')
}

/** The error as the caller of the database meets it. */
export function named(error: unknown): unknown {
  switch (troubleOf(error)) {
    case 'again':
      return new AppError('queue.full', { detail: 'others kept changing the same rows', cause: error })
    case 'lost':
    case 'late':
      return unreachable(error)
    case 'refused':
      return error
  }
}

export function unreachable(cause: unknown): AppError {
  const { message, code } = cause as { message?: string; code?: string }
  return new AppError('database.unreachable', { detail: message || code || 'no answer', cause })
}
