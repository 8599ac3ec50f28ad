import type { Value } from './sql/query.ts'

/** The only place that knows that PostgreSQL's driver gives a bigint as a string. */
export function number(value: unknown): number {
  return Number(value)
}

export function date(value: unknown): Date {
  return new Date(Number(value))
}

export function dateOrNone(value: unknown): Date | undefined {
  return value === null || value === undefined ? undefined : date(value)
}

export function text(value: unknown): string {
  return String(value)
}

export function textOrNone(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}

export function orNull<T extends Value>(value: T | undefined): T | null {
  return value === undefined ? null : value
}
