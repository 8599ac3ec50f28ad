import type { Rhythm } from '../core/methods/oath/token.ts'
import { number } from './columns.ts'
import type { Row } from './sql/query.ts'

/** How period and drift stand in columns, of tokens and of offers. */
export function timesOf(rhythm: Rhythm): [period: number | null, drift: number] {
  return rhythm.kind === 'totp' ? [rhythm.period, rhythm.drift] : [null, 0]
}

export function rhythmFromRow(row: Row): Rhythm {
  if (row.kind === 'hotp') return { kind: 'hotp' }
  return { kind: 'totp', period: number(row.period), drift: number(row.drift ?? 0) }
}
