import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { auditVerify } from '../../src/cli/audit-verify.ts'
import { type Checkpoint, linkAfter, signedParts, start } from '../../src/core/audit/chain.ts'
import { createSealer } from '../../src/core/audit/sealer.ts'
import { type AuditBreak, type AuditState, verifyAudit } from '../../src/core/audit/verify.ts'
import type { Log } from '../../src/core/ports.ts'
import type { DataKeyStore } from '../../src/core/secrets/data-keys.ts'
import { type Keyring, openKeyring } from '../../src/core/secrets/keyring.ts'
import { auditChain, sealedLog } from '../../src/storage/audit-chain-store.ts'
import { auditLog } from '../../src/storage/audit-store.ts'
import { dataKeyStore } from '../../src/storage/data-key-store.ts'
import { leaseStore } from '../../src/storage/lease-store.ts'
import type { Database, Rows } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { alicePhone, engineWorld, handClock } from '../engine.ts'
import { dialects, migratedPlaces } from './dialects.ts'

type Tamper = (tx: Rows, keys: { own: Keyring; foreign: Keyring }) => Promise<unknown>

/** On twelve entries with checkpoints at 5, 10 and 12, once the triggers are out of the way. */
const manipulations: [what: string, tamper: Tamper, found: AuditBreak][] = [
  [
    'an entry was changed',
    (tx) => tx.rows(sql`UPDATE audit SET address = '192.0.2.99' WHERE position = 7`),
    { position: 7, why: 'row-changed' },
  ],
  [
    'an empty column became an empty text',
    (tx) => tx.rows(sql`UPDATE audit SET user_agent = '' WHERE position = 7`),
    { position: 7, why: 'row-changed' },
  ],
  [
    'text moved from one column to the next',
    (tx) => tx.rows(sql`UPDATE audit SET address = NULL, user_agent = address WHERE position = 8`),
    { position: 8, why: 'row-changed' },
  ],
  [
    'an entry was removed',
    (tx) => tx.rows(sql`DELETE FROM audit WHERE position = 7`),
    { position: 7, why: 'row-missing' },
  ],
  [
    'the first entry was removed',
    (tx) => tx.rows(sql`DELETE FROM audit WHERE position = 1`),
    { position: 1, why: 'row-missing' },
  ],
  [
    'an entry was removed and the gap closed',
    async (tx) => {
      await tx.rows(sql`DELETE FROM audit WHERE position = 7`)
      for (let p = 8; p <= 12; p++) await tx.rows(sql`UPDATE audit SET position = ${p - 1} WHERE position = ${p}`)
    },
    { position: 7, why: 'row-changed' },
  ],
  [
    'two entries were swapped',
    async (tx) => {
      for (const [from, to] of [
        [7, -1],
        [8, 7],
        [-1, 8],
      ] as const)
        await tx.rows(sql`UPDATE audit SET position = ${to} WHERE position = ${from}`)
    },
    { position: 7, why: 'row-changed' },
  ],
  [
    'the entries after a checkpoint were cut off',
    (tx) => tx.rows(sql`DELETE FROM audit WHERE position > 10`),
    { position: 11, why: 'row-missing' },
  ],
  [
    'the end was cut off with its checkpoint, and the operator noted the head before',
    async (tx) => {
      await tx.rows(sql`DELETE FROM audit WHERE position > 10`)
      await tx.rows(sql`DELETE FROM audit_checkpoint WHERE position > 10`)
    },
    { position: 11, why: 'row-missing' },
  ],
  [
    'a checkpoint was removed so that entries could be chained anew',
    (tx) => tx.rows(sql`DELETE FROM audit_checkpoint WHERE position = 12`),
    { position: 11, why: 'checkpoint-missing' },
  ],
  [
    'an entry was changed and the chain computed anew',
    async (tx) => {
      await tx.rows(sql`UPDATE audit SET what = 'password.right' WHERE position = 7`)
      await rechain(tx, 7)
    },
    { position: 10, why: 'chain-rewritten' },
  ],
  [
    'an entry was changed, the chain computed anew, and the checkpoints too, but for what the key gives',
    async (tx) => {
      await tx.rows(sql`UPDATE audit SET what = 'password.right' WHERE position = 7`)
      await rechain(tx, 7)
      await rewriteCheckpoints(tx, ({ mac }) => mac)
    },
    { position: 10, why: 'checkpoint-forged' },
  ],
  [
    'the checkpoints were signed with the key of another database',
    (tx, { foreign }) => rewriteCheckpoints(tx, (signed) => foreign.mac(...signedParts(signed))),
    { position: 5, why: 'checkpoint-forged' },
  ],
  [
    'the time of a checkpoint was changed',
    (tx) => tx.rows(sql`UPDATE audit_checkpoint SET at = at - 1 WHERE position = 10`),
    { position: 10, why: 'checkpoint-forged' },
  ],
  [
    'a checkpoint was put to another position',
    (tx) => tx.rows(sql`UPDATE audit_checkpoint SET position = 9 WHERE position = 10`),
    { position: 9, why: 'checkpoint-forged' },
  ],
  [
    'who has the key wrote all of it anew, and the operator noted the head before',
    async (tx, { own }) => {
      await tx.rows(sql`UPDATE audit SET what = 'password.right' WHERE position = 1`)
      await rechain(tx, 1)
      await rewriteCheckpoints(tx, (signed) => own.mac(...signedParts(signed)))
    },
    { position: 12, why: 'not-as-known' },
  ],
]

for (const [dialect, open] of dialects) {
  describe(`the audit log, on ${dialect}`, () => {
    test('is append-only: neither entries nor checkpoints are changed or removed', async () => {
      const { database, add, sealer } = await world(await open())
      await add(2)
      await sealer().sealNow()
      await add(1)

      const refused = [
        sql`UPDATE audit SET what = 'session.ended' WHERE seq = 1`,
        sql`UPDATE audit SET what = 'session.ended' WHERE position IS NULL`,
        sql`UPDATE audit SET position = NULL, hash = NULL WHERE seq = 1`,
        sql`UPDATE audit SET position = 9, hash = 'other' WHERE seq = 1`,
        sql`DELETE FROM audit WHERE seq = 1`,
        sql`DELETE FROM audit WHERE position IS NULL`,
        sql`UPDATE audit_checkpoint SET mac = 'other'`,
        sql`DELETE FROM audit_checkpoint`,
        ...(database.dialect === 'postgres' ? [sql`TRUNCATE audit`, sql`TRUNCATE audit_checkpoint`] : []),
      ]
      for (const query of refused) {
        await assert.rejects(
          database.write((tx) => tx.rows(query)),
          /append-only/,
          query.parts.join('?'),
        )
      }
    })

    test('verifies after real sign-ins, by the command as well', async () => {
      const { engine, api, from, database, begin, signIn } = await engineWorld(await open())
      const session = await signIn('alice', alicePhone)
      await api.beginSignIn({ ...from, userAgent: 'Zoë’s browser' }, { username: 'alice', password: 'wrong' })
      await begin('bob')
      await api.signOut({ ...from, session }, {})
      await engine.close()

      const said: string[] = []
      const print = (line: string) => said.push(line)
      assert.equal(await auditVerify({ database, keyring: engine.sealing, print }), 0, said.join('\n'))
      const [{ count } = { count: 0 }] = await database.rows(sql`SELECT count(*) AS count FROM audit`)
      assert.ok(Number(count) >= 8)
      assert.match(
        said.join('\n'),
        new RegExp(`whole: ${count} entries[^]*Not sealed yet: 0 [^]*: ${count}:[0-9a-f]{64}`),
      )
    })

    test('two thousand entries are sealed in order, in batches with a checkpoint each', async () => {
      const { database, add, sealer, verify } = await world(await open())
      await add(2_000)

      assert.equal(await sealer().sealNow(), 2_000)

      const { sealed, checkpoints, unsealed, broken } = await verify()
      assert.deepEqual(
        { sealed, checkpoints, unsealed, broken },
        { sealed: 2_000, checkpoints: 4, unsealed: 0, broken: undefined },
      )
      const rows = await database.rows(sql`SELECT seq FROM audit ORDER BY position`)
      const order = rows.map(({ seq }) => Number(seq))
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      )
    })

    test('the last moments are not sealed, and that is told', async () => {
      const { add, sealer, verify } = await world(await open())
      assert.deepEqual(pick(await verify()), { sealed: 0, checkpoints: 0, unsealed: 0 })
      await add(3)
      await sealer().sealNow()
      await add(2)

      assert.deepEqual(pick(await verify()), { sealed: 3, checkpoints: 1, unsealed: 2 })
    })

    for (const [what, tamper, expected] of manipulations) {
      test(`it is found when ${what}`, async () => {
        const { database, add, sealer, verify, keys } = await world(await open())
        // Checkpoints at 5, 10 and 12.
        await add(12)
        await sealer({ most: 5 }).sealNow()
        const { head } = await verify()
        assert.equal(head.position, 12)
        await unguard(database)

        await database.write((tx) => tamper(tx, keys))

        const { broken } = await verify({ known: head })
        assert.deepEqual(broken, expected)
        assert.equal(
          await auditVerify({ database, keyring: keys.own, known: `${head.position}:${head.hash}`, print() {} }),
          1,
        )
      })
    }

    test('sealing goes on after a cut, and the gap stays to be seen', async () => {
      const { database, add, sealer, verify } = await world(await open())
      await add(4)
      const working = sealer()
      await working.sealNow()
      await unguard(database)
      await database.write((tx) => tx.rows(sql`DELETE FROM audit WHERE position >= 3`))
      await add(4)

      assert.equal(await working.sealNow(), 4)
      assert.deepEqual((await verify()).broken, { position: 3, why: 'row-missing' })
    })

    test('a log that became shorter under a running sealer is told to the operator', async () => {
      const { database, add, sealer, logged } = await world(await open())
      const working = sealer()
      await add(3)
      await working.sealNow()
      await unguard(database)
      await database.write(async (tx) => {
        await tx.rows(sql`DELETE FROM audit`)
        await tx.rows(sql`DELETE FROM audit_checkpoint`)
      })
      await add(1)

      await working.sealNow()
      assert.deepEqual(logged, ['The audit log is shorter than it was'])
    })

    test('when a node dies between two batches another goes on where it stopped', async () => {
      const { database, add, sealer, verify, clock } = await world(await open())
      await add(12)
      const dying = sealer({ most: 5 }, dyingAfter(database, 1))
      await assert.rejects(dying.sealNow(), /died/)
      assert.deepEqual(pick(await verify()), { sealed: 5, checkpoints: 1, unsealed: 7 })

      const other = sealer({ most: 5 })
      assert.equal(await other.sealNow(), 0, 'the lease of the dead one still runs')
      clock.advance(1)
      assert.equal(await other.sealNow(), 7)
      assert.deepEqual(pick(await verify()), { sealed: 12, checkpoints: 3, unsealed: 0 })
    })

    test('one that closes seals once more, and leaves the lease to the next', async () => {
      const { add, sealer, verify } = await world(await open())
      const first = sealer()
      await add(1)
      await first.sealNow()
      await add(1)
      await first.close()
      assert.deepEqual(pick(await verify()), { sealed: 2, checkpoints: 2, unsealed: 0 })

      await add(1)
      assert.equal(await sealer().sealNow(), 1)
    })

    test('where nothing is new nothing is written', async () => {
      const { database, sealer } = await world(await open())
      assert.equal(await sealer().sealNow(), 0)
      assert.deepEqual(await database.rows(sql`SELECT * FROM lease`), [])
    })

    test('an entry and what it records are one: a unit that throws leaves neither', async () => {
      const { database, audit } = await world(await open())
      await assert.rejects(
        database.write(async (tx) => {
          await tx.rows(sql`INSERT INTO service_account (name, password_hash, set_at) VALUES ('portal', '', 0)`)
          await audit(tx).write({ what: 'service-account.set', at: new Date() })
          throw new Error('after both')
        }),
        /after both/,
      )
      const [left] = await database.rows(sql`
        SELECT (SELECT count(*) FROM audit) AS entries, (SELECT count(*) FROM service_account) AS accounts`)
      assert.deepEqual([Number(left?.entries), Number(left?.accounts)], [0, 0])
    })
  })
}

for (const [dialect, place] of migratedPlaces) {
  test(`sealers of several nodes whose leases do not keep them apart make one chain, on ${dialect}`, async () => {
    const { connect } = await place()
    const first = connect()
    const { add, sealer, verify, clock } = await world(first)
    const others = [sealer({ most: 10 }), sealer({ most: 10 }, connect()), sealer({ most: 10 }, connect())]

    for (let round = 0; round < 10; round++) {
      const adding = add(40)
      // Each node believes that the others' leases are over.
      clock.advance(1)
      await Promise.all([adding, ...others.map((each) => each.sealNow())])
    }
    clock.advance(1)
    await others[0]?.sealNow()

    const { sealed, unsealed, broken } = await verify()
    assert.deepEqual({ sealed, unsealed, broken }, { sealed: 400, unsealed: 0, broken: undefined })
  })
}

/** A migrated database with its key, at noon, and sealers that seal when told. */
async function world(database: Database) {
  const clock = handClock()
  const ids = systemIds(clock, systemRandom)
  const own = await openKeyring({
    masterKey: randomBytes(32),
    store: dataKeyStore(database),
    random: systemRandom,
    ids,
    clock,
  })
  const logged: string[] = []
  const log: Log = { info() {}, warn() {}, error: (message) => logged.push(message) }
  const audit = (tx: Rows) => auditLog(tx, ids)

  return {
    database,
    clock,
    audit,
    logged,
    keys: { own, foreign: await foreignKeyring() },
    verify: (options: Parameters<typeof verifyAudit>[1] = {}) =>
      verifyAudit({ log: sealedLog(database), keyring: own }, { most: 4, ...options }),
    /** Each in a unit of its own. */
    async add(count: number): Promise<void> {
      const events = Array.from({ length: count }, (_, i) => ({
        what: 'password.wrong' as const,
        at: clock.now(),
        userId: `user-${i}`,
        address: '192.0.2.7',
        facts: i % 3 ? { why: 'password', number: i } : undefined,
      }))
      // A hundred at a time: a pool of connections bounds how long anyone waits in it.
      while (events.length > 0) {
        await Promise.all(events.splice(0, 100).map((event) => database.write((tx) => audit(tx).write(event))))
      }
    },
    sealer({ most = 500 } = {}, over: Database = database) {
      const stores = (tx: Rows) => ({ chain: auditChain(tx, over.dialect), leases: leaseStore(tx) })
      const sealer = createSealer(
        {
          write: (unit) => over.write((tx) => unit(stores(tx))),
          waiting: auditChain(over, over.dialect),
          keyring: own,
          clock,
          log,
          holder: ids.next(),
        },
        { everyMs: 3_600_000, most },
      )
      after(() => sealer.close())
      return sealer
    },
  }
}

async function foreignKeyring(): Promise<Keyring> {
  const clock = handClock()
  const keys: Awaited<ReturnType<DataKeyStore['all']>> = []
  const store: DataKeyStore = {
    all: async () => keys,
    insert: async (key) => keys.push(key) > 0,
  }
  return openKeyring({
    masterKey: randomBytes(32),
    store,
    random: systemRandom,
    ids: systemIds(clock, systemRandom),
    clock,
  })
}

function pick({ sealed, checkpoints, unsealed, broken }: AuditState) {
  assert.equal(broken, undefined)
  return { sealed, checkpoints, unsealed }
}

/** What somebody with all rights on the database does first. */
async function unguard(database: Database): Promise<void> {
  const on = (table: string) => (database.dialect === 'postgres' ? ` ON ${table}` : '')
  const names = ['audit_keeps', 'audit_stands'].map((name) => `DROP TRIGGER ${name}${on('audit')}`)
  const more = ['audit_checkpoint_keeps', 'audit_checkpoint_stands'].map(
    (name) => `DROP TRIGGER IF EXISTS ${name}${on('audit_checkpoint')}`,
  )
  await database.alter((tx) => tx.script([...names, ...more].join(';')))
}

/** The hashes as they would be, from a position on. */
async function rechain(tx: Rows, from: number): Promise<void> {
  const all = await sealedLog(tx).entries({ after: 0, upTo: 12 }, 12)
  let last = all.findLast(({ position }) => position < from) ?? start
  for (const { position, entry } of all.slice(from - 1)) {
    last = linkAfter(last, entry)
    await tx.rows(sql`UPDATE audit SET hash = ${last.hash} WHERE position = ${position}`)
  }
}

/** Over the chain as it is now. */
async function rewriteCheckpoints(tx: Rows, macOf: (checkpoint: Checkpoint) => string): Promise<void> {
  const log = sealedLog(tx)
  const all = await log.entries({ after: 0, upTo: 12 }, 12)
  for (const checkpoint of await log.checkpoints({ after: 0, upTo: 12 })) {
    const hash = all.find(({ position }) => position === checkpoint.position)?.hash ?? ''
    const mac = macOf({ ...checkpoint, hash })
    await tx.rows(sql`UPDATE audit_checkpoint SET hash = ${hash}, mac = ${mac} WHERE position = ${checkpoint.position}`)
  }
}

/** A node that dies within the unit of work that comes after so many. */
function dyingAfter(database: Database, units: number): Database {
  let done = 0
  return {
    ...database,
    write: (unit) =>
      database.write(async (tx) => {
        const value = await unit(tx)
        if (done++ >= units) throw new Error('died')
        return value
      }),
  }
}
