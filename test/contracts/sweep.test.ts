import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSweeper, keptMs, type Leftover } from '../../src/core/housekeeping/sweep.ts'
import { leaseStore } from '../../src/storage/lease-store.ts'
import { leftovers } from '../../src/storage/leftover-store.ts'
import type { Database, Rows } from '../../src/storage/sql/database.ts'
import { type Query, sql } from '../../src/storage/sql/query.ts'
import { noon, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const u = 'ada'
/** One row of each kind that is over at `at`, and what says that it is there. */
const rowsOf: Record<Leftover, { insert(id: string, at: number): Query; all: Query }> = {
  'sign-in': {
    insert: (id, at) => sql`INSERT INTO sign_in (id, token_hash, user_id, stage, created_at, expires_at)
      VALUES (${id}, ${id}, ${u}, 'second-step', 0, ${at})`,
    all: sql`SELECT id FROM sign_in ORDER BY id`,
  },
  session: {
    insert: (id, at) => sql`INSERT INTO session (id, token_hash, user_id, proven_at, seen_at, expires_at)
      VALUES (${id}, ${id}, ${u}, 0, 0, ${at})`,
    all: sql`SELECT id FROM session ORDER BY id`,
  },
  challenge: {
    insert: (id, at) => sql`INSERT INTO challenge
      (id, user_id, transaction_id, purpose, phone, code_mac, attempts_left, created_at, expires_at, delivery_id)
      VALUES (${id}, ${u}, '', 'second-step', '', '', 3, 0, ${at}, '')`,
    all: sql`SELECT id FROM challenge ORDER BY id`,
  },
  prompt: {
    insert: (id, at) => sql`INSERT INTO prompt
      (id, user_id, transaction_id, purpose, method, mode, phone, number, state, created_at, expires_at)
      VALUES (${id}, ${u}, '', 'second-step', 'call', 'standard', '', '', 'open', 0, ${at})`,
    all: sql`SELECT id FROM prompt ORDER BY id`,
  },
  'taken-reply': {
    insert: (id, at) => sql`INSERT INTO taken_reply (provider, provider_id, taken_at) VALUES ('sim', ${id}, ${at})`,
    all: sql`SELECT provider_id AS id FROM taken_reply ORDER BY provider_id`,
  },
  'token-offer': {
    insert: (id, at) => sql`INSERT INTO token_offer
      (id, user_id, transaction_id, made_by, kind, sealed_secret, algorithm, digits, period, attempts_left, expires_at)
      VALUES (${id}, ${id}, '', 'us', 'totp', '', 'SHA1', 6, 30, 3, ${at})`,
    all: sql`SELECT id FROM token_offer ORDER BY id`,
  },
  'passkey-challenge': {
    insert: (id, at) => sql`INSERT INTO passkey_challenge (id, purpose, transaction_id, challenge, expires_at)
      VALUES (${id}, 'sign-in', ${id}, '', ${at})`,
    all: sql`SELECT id FROM passkey_challenge ORDER BY id`,
  },
  'directory-challenge': {
    insert: (id, at) => sql`INSERT INTO directory_challenge (id, token_hash, sealed, expires_at)
      VALUES (${id}, ${id}, '', ${at})`,
    all: sql`SELECT id FROM directory_challenge ORDER BY id`,
  },
  activation: {
    insert: (id, at) => sql`INSERT INTO activation
      (id, finder, user_id, transaction_id, setup, sealed_code, attempts_left, expires_at)
      VALUES (${id}, ${id}, ${u}, ${id}, 0, '', 5, ${at})`,
    all: sql`SELECT id FROM activation ORDER BY id`,
  },
  'unsettled-device': {
    insert: (id, at) => sql`INSERT INTO device
      (id, user_id, setup_id, name, platform, public_key, signed_at, added_at, seen_at)
      VALUES (${id}, ${u}, ${id}, '', '', '', 0, ${at}, 0)`,
    all: sql`SELECT id FROM device ORDER BY id`,
  },
  throttle: {
    insert: (id, at) => sql`INSERT INTO throttle (key, spent, next_at, forget_at) VALUES (${id}, 1, 0, ${at})`,
    all: sql`SELECT key AS id FROM throttle ORDER BY key`,
  },
  'known-address': {
    insert: (id, at) => sql`INSERT INTO known_address (username_key, place, seen_at) VALUES (${u}, ${id}, ${at})`,
    all: sql`SELECT place AS id FROM known_address ORDER BY place`,
  },
  delivery: {
    insert: (id, at) => sql`INSERT INTO delivery
      (id, kind, recipient, sealed_body, state, attempts, next_at, deadline, created_at, ended_at)
      VALUES (${id}, 'text', '', '', 'sent', 1, 0, 0, 0, ${at})`,
    all: sql`SELECT id FROM delivery ORDER BY id`,
  },
}
const kinds = Object.keys(keptMs) as Leftover[]

for (const [dialect, open] of dialects) {
  describe(`sweeping, on ${dialect}`, () => {
    test('each kind of row goes when its time is over, and not before', async () => {
      const { put, left, sweeper } = await world(await open())
      for (const kind of kinds) {
        const over = noon.getTime() - keptMs[kind]
        await put(kind, 'a-over', over)
        await put(kind, 'b-just-over', over)
        await put(kind, 'c-kept', over + 1)
      }

      assert.equal(await sweeper().sweepNow(), 2 * kinds.length)
      for (const kind of kinds) assert.deepEqual(await left(kind), ['c-kept'], kind)
    })

    test('a text on its way stays, however old', async () => {
      const { database, left, sweeper } = await world(await open())
      await database.write((tx) =>
        tx.rows(sql`INSERT INTO delivery (id, kind, recipient, sealed_body, state, attempts, next_at, deadline, created_at)
          VALUES ('queued', 'text', '', 'sealed', 'queued', 0, 0, 0, 0)`),
      )
      await sweeper().sweepNow()
      assert.deepEqual(await left('delivery'), ['queued'])
    })

    test('many rows go in batches', async () => {
      const { put, left, sweeper, database } = await world(await open())
      for (let i = 0; i < 25; i++) await put('throttle', `key-${i}`, 0)
      const { counted, units } = countingUnits(database)

      assert.equal(await sweeper({ most: 10 }, counted).sweepNow(), 25)
      assert.deepEqual(await left('throttle'), [])
      assert.equal(units(), kinds.length + 2)
    })

    test('one node sweeps at a time, and another goes on when it is gone', async () => {
      const { put, sweeper } = await world(await open())
      const first = sweeper()
      await first.sweepNow()
      await put('throttle', 'late', 0)
      const second = sweeper()
      assert.equal(await second.sweepNow(), 0)
      await first.close()
      assert.equal(await second.sweepNow(), 1)
    })

    test('the first sweep comes by itself', async () => {
      const { put, left, sweeper } = await world(await open())
      await put('throttle', 'old', 0)
      const { close } = sweeper()
      for (const end = Date.now() + 30_000; (await left('throttle')).length > 0; await sleep(5))
        assert.ok(Date.now() < end, 'it never came')
      await close()
    })
  })
}

/** Noon, and a database with one user. */
async function world(database: Database) {
  await database.write(async (tx) => {
    // Offers are one for each user.
    for (const id of [u, 'a-over', 'b-just-over', 'c-kept'])
      await tx.rows(sql`INSERT INTO users (id, directory, username, username_key, created_at)
        VALUES (${id}, 'local', ${id}, ${id}, 0)`)
  })
  let holders = 0
  return {
    database,
    put: (kind: Leftover, id: string, at: number) => database.write((tx) => tx.rows(rowsOf[kind].insert(id, at))),
    left: async (kind: Leftover) => (await database.rows(rowsOf[kind].all)).map(({ id }) => String(id)),
    sweeper({ most = 200 } = {}, over: Database = database) {
      const stores = (tx: Rows) => ({ leftovers: leftovers(tx), leases: leaseStore(tx) })
      const sweeper = createSweeper(
        {
          write: (unit) => over.write((tx) => unit(stores(tx))),
          clock: { now: () => noon },
          log: silent,
          holder: `node-${holders++}`,
        },
        { most },
      )
      after(() => sweeper.close())
      return sweeper
    },
  }
}

function countingUnits(database: Database): { counted: Database; units(): number } {
  let units = 0
  const counted: Database = {
    ...database,
    write(unit) {
      units++
      return database.write(unit)
    },
  }
  return { counted, units: () => units }
}
