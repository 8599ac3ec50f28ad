import { KNOWN_FOR_MS, type KnownAddressStore } from '../core/sign-in/known-address.ts'
import type { PaceReader, ThrottleStore } from '../core/throttle/throttle.ts'
import { date } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { sql } from './sql/query.ts'

/** Waits double at most so many times before the longest: a shift stays well inside an integer. */
const MOST_DOUBLINGS = 16

export function throttleStore(db: Rows): ThrottleStore & PaceReader {
  return {
    async spend(key, { free, firstWaitMs, longestWaitMs, forgetMs, since = 'last' }, now) {
      const at = now.getTime()
      // While tries are free there is no time to wait for: by another node's clock, or in a burst, `at` may lie behind.
      const firstNext = free > 1 ? 0 : at + firstWaitMs
      // After the try with number `spent + 1` the next one waits first * 2^(spent + 1 - free), at most the longest.
      const taken = await db.rows(sql`
        INSERT INTO throttle (key, spent, next_at, forget_at) VALUES (${key}, 1, ${firstNext}, ${at + forgetMs})
        ON CONFLICT (key) DO UPDATE SET
          spent = CASE WHEN throttle.forget_at <= ${at} THEN 1 ELSE throttle.spent + 1 END,
          forget_at = CASE
            WHEN ${since} = 'last' OR throttle.forget_at <= ${at} THEN CAST(${at + forgetMs} AS bigint)
            ELSE throttle.forget_at
          END,
          next_at = CASE
            WHEN throttle.forget_at <= ${at} THEN ${firstNext}
            WHEN throttle.spent + 1 < ${free} THEN 0
            WHEN throttle.spent + 1 - ${free} >= ${MOST_DOUBLINGS}
              OR CAST(${firstWaitMs} AS bigint) * (1 << (throttle.spent + 1 - ${free})) >= ${longestWaitMs}
              THEN CAST(${at + longestWaitMs} AS bigint)
            ELSE CAST(${at} AS bigint) + CAST(${firstWaitMs} AS bigint) * (1 << (throttle.spent + 1 - ${free}))
          END
        WHERE throttle.next_at <= ${at} OR throttle.forget_at <= ${at}
        RETURNING key`)
      if (taken.length === 1) return undefined
      const [row] = await db.rows(sql`SELECT next_at FROM throttle WHERE key = ${key}`)
      return row ? date(row.next_at) : now
    },
    async refund(key) {
      await db.rows(sql`UPDATE throttle SET spent = spent - 1, next_at = 0 WHERE key = ${key} AND spent > 0`)
    },
    async forget(key) {
      await db.rows(sql`DELETE FROM throttle WHERE key = ${key}`)
    },
    async nextAt(key) {
      const [row] = await db.rows(sql`SELECT next_at FROM throttle WHERE key = ${key}`)
      return row && date(row.next_at)
    },
  }
}

export function knownAddressStore(db: Rows): KnownAddressStore {
  return {
    async isKnown(usernameKey, place, now) {
      const rows = await db.rows(sql`
        SELECT 1 AS known FROM known_address
        WHERE username_key = ${usernameKey} AND place = ${place} AND seen_at > ${now.getTime() - KNOWN_FOR_MS}`)
      return rows.length === 1
    },
    async remember(usernameKey, place, now) {
      await db.rows(sql`
        INSERT INTO known_address (username_key, place, seen_at) VALUES (${usernameKey}, ${place}, ${now.getTime()})
        ON CONFLICT (username_key, place) DO UPDATE SET seen_at = excluded.seen_at
        WHERE known_address.seen_at < ${now.getTime() - 24 * 3_600_000}`)
    },
  }
}
