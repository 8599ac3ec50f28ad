import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { storesOver } from '../../src/app/stores.ts'
import { syncOf } from '../../src/app/sync.ts'
import { readSettings } from '../../src/core/settings/settings.ts'
import { createSyncSchedule } from '../../src/core/sync/schedule.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { silent } from '../engine.ts'
import { syncWorld } from '../sync/world.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`synchronisation by itself, on ${dialect}`, () => {
    test('from start to start, on one node of two, and whole after a day', async () => {
      const { one, two, clock, source } = await nodes(await open())
      const both = async () => (await Promise.all([one.tickNow(), two.tickNow()])).filter(Boolean).length
      assert.equal(await both(), 1)
      clock.advance(59)
      assert.equal(await both(), 0)
      clock.advance(1)
      assert.equal(await both(), 1)
      assert.deepEqual(
        source.calls.map(({ since }) => since !== undefined),
        [false, true],
      )
      clock.advance(24 * 60)
      assert.equal(await both(), 1)
      assert.equal(source.calls.at(-1)?.since, undefined)
    })

    test('an item that was added or changed is left alone for as long, and can be begun by hand', async () => {
      const { one, clock, source, world } = await nodes(await open())
      assert.equal(await one.tickNow(), true)
      clock.advance(50)
      await world.addItem('sales')
      clock.advance(59)
      assert.equal(await one.tickNow(), false)
      assert.equal(source.calls.length, 1)
      assert.equal((await world.run()).outcome, 'done')
      clock.advance(60)
      assert.equal(await one.tickNow(), true)

      clock.advance(60)
      await world.api.changeSyncItem(world.operator, { name: 'sales', first: true })
      assert.equal(await one.tickNow(), false)
      clock.advance(60)
      assert.equal(await one.tickNow(), true)
    })

    test('a run that takes longer than the interval is followed at once', async () => {
      const { one, clock, source } = await nodes(await open())
      source.afterPage = async () => clock.advance(61)
      assert.equal(await one.tickNow(), true)
      source.afterPage = async () => {}
      assert.equal(await one.tickNow(), true)
      assert.equal(await one.tickNow(), false)
    })

    test('one that fails is tried again at its next time, and one that is ended gives its turn back', async () => {
      const { one, two, clock, source, world } = await nodes(await open())
      source.failsAfter = 0
      assert.equal(await one.tickNow(), true)
      assert.equal(await one.tickNow(), false)
      clock.advance(60)
      source.failsAfter = Number.POSITIVE_INFINITY
      source.put('ann')
      source.put('ben')
      let ended: Promise<void> = Promise.resolve()
      source.afterPage = async () => {
        source.afterPage = async () => {}
        ended = one.close()
      }
      await one.tickNow()
      await ended
      clock.advance(60)
      assert.equal(await two.tickNow(), true)
      const runs = await world.api.listSyncRuns(world.operator, {})
      const said = runs.ok && runs.value.runs.map(({ outcome, error }) => error ?? outcome)
      assert.deepEqual(said, ['done', 'interrupted', 'directory.unreachable'])
    })

    test('a clock that was ahead, and is put right, keeps nobody from the next run, nor from a whole one', async () => {
      const { one, two, clock, source, database } = await nodes(await open())
      const year = 365 * 24 * 60
      clock.advance(year)
      assert.equal(await one.tickNow(), true)
      // A node died with the lease of then.
      const ends = clock.now().getTime() + 300_000
      await database.write((tx) =>
        tx.rows(sql`INSERT INTO lease (name, holder, ends_at) VALUES ('sync', 'dead', ${ends})`),
      )
      clock.advance(-year)
      assert.equal(await two.tickNow(), true)
      assert.equal(source.calls.at(-1)?.since, undefined)
      assert.equal(await two.tickNow(), false)
      clock.advance(60)
      assert.equal(await one.tickNow(), true)
    })
  })

  async function nodes(database: Awaited<ReturnType<typeof open>>) {
    const world = await syncWorld(database, { pageSize: 1 })
    const { clock, source, engine } = world
    source.put('ada')
    const read = readSettings({})
    assert.ok('settings' in read)
    const { settings } = read
    const ids = systemIds(clock, systemRandom)
    const write = <T>(unit: (stores: ReturnType<typeof storesOver>) => Promise<T>) =>
      database.write((tx) => unit(storesOver(tx, ids)))
    const heart = {
      sealing: engine.sealing,
      settings: { current: () => settings },
      write,
      read: storesOver(database, ids),
    }
    const needs = syncOf({ people: { people: source, kind: 'ldap' }, mail: undefined, clock, ids }, heart)
    clock.advance(settings['sync.minutes'])
    const schedule = () => createSyncSchedule({ ...needs, log: silent }, { everyMs: 1e9 })
    const [one, two] = [schedule(), schedule()]
    after(() => Promise.all([one.close(), two.close()]))
    return { one, two, clock, source, world, database }
  }
}
