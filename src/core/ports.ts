/** What the core needs of the world, so that tests can be the world. */

export interface Clock {
  now(): Date
}

/** Cryptographically strong. */
export interface Random {
  bytes(count: number): Uint8Array
  /** A whole number from 0 to below `end`, evenly spread. */
  below(end: number): number
}

/** Identifiers that sort by the time they were made at (UUID version 7, RFC 9562). Names of rows, never secrets. */
export interface Ids {
  next(): string
}

export type Facts = Readonly<Record<string, string | number | boolean | undefined>>

/** The operator's log. Facts are ids, codes and numbers; never what a person typed, never a secret. */
export interface Log {
  info(message: string, facts?: Facts): void
  warn(message: string, facts?: Facts): void
  error(message: string, facts?: Facts, cause?: unknown): void
}

/**
 * Runs a unit of work on the stores named: all of it happens or nothing, durable when the promise settles.
 * It may be run again, and shares a commit with its neighbours, so it does nothing but use the stores.
 */
export type Write<Stores> = <T>(unit: (stores: Stores) => Promise<T>) => Promise<T>
