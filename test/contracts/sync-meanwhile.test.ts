import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { storesOver } from '../../src/app/stores.ts'
import { syncOf } from '../../src/app/sync.ts'
import { readSettings } from '../../src/core/settings/settings.ts'
import { synchronise } from '../../src/core/sync/run.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { syncWorld } from '../sync/world.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`what changes while a synchronisation runs, on ${dialect}`, () => {
    test('an item that is put right meanwhile: nothing more is done by what it said before', async () => {
      const { source, run, counts, names, api, operator, addItem } = await syncWorld(await open(), {
        rules: { vanished: 'remove' },
      })
      await addItem('others')
      for (const name of ['ann', 'ben', 'cid', 'dan']) source.put(name)
      await run()
      source.put('eve', { in: ['ou=others'] })
      source.put('ann', { in: ['ou=new'], mail: 'ann@corp.example' })
      source.put('ben', { mail: 'ben@corp.example' })
      // Ann's container was moved; the operator hears of it while the run is at its first page.
      source.afterPage = async () => {
        source.afterPage = async () => {}
        const scope = { base: 'ou=new' }
        assert.ok((await api.changeSyncItem(operator, { name: 'others', scope })).ok)
      }
      const { outcome, error } = await run()
      assert.deepEqual([outcome, error], ['failed', 'interrupted'])
      assert.deepEqual(await names(), ['ann', 'ben', 'cid', 'dan'])
      assert.deepEqual(await counts(), { read: 2, changed: 1, moved: 1 })
      assert.deepEqual(await names(), ['ann', 'ben', 'cid', 'dan'])
    })

    test('an item that is removed meanwhile leaves its people to nobody', async () => {
      const { source, run, users, api, operator } = await syncWorld(await open(), { pageSize: 1 })
      source.put('ann')
      source.put('ben')
      source.afterPage = async () => {
        source.afterPage = async () => {}
        assert.ok((await api.removeSyncItem(operator, { name: 'staff' })).ok)
      }
      assert.equal((await run()).error, 'interrupted')
      assert.deepEqual(
        (await users()).map(({ username, sync_item }) => [username, sync_item]),
        [['ann', null]],
      )
    })

    test('whom an administrator keeps while they are judged is not taken away', async () => {
      const database = await open()
      const { source, run, waiting, names, api, operator, engine, clock } = await syncWorld(database)
      for (let i = 0; i < 10; i++) source.put(`p${i}`)
      await run()
      for (let i = 0; i < 6; i++) source.regroup(`p${i}`, [])
      await run()
      const { list = '' } = await waiting()
      source.regroup('p0', ['ou=people'])

      const settled = readSettings({})
      assert.ok('settings' in settled)
      const { settings } = settled
      const ids = systemIds(clock, systemRandom)
      const read = storesOver(database, ids)
      const needs = syncOf(
        { people: { people: source, kind: 'local' }, mail: undefined, clock, ids },
        {
          sealing: engine.sealing,
          settings: { current: () => settings },
          write: (unit) => database.write((tx) => unit(storesOver(tx, ids))),
          read,
        },
      )
      const lists = async () => {
        const standing = await read.removals.lists()
        assert.ok((await api.rejectRemovals(operator, { list })).ok)
        return standing
      }
      const removals = { ...read.removals, lists }
      const report = await synchronise(
        { ...needs, read: { ...needs.read, removals } },
        { by: 'operator', whole: true, dryRun: false },
      )
      assert.deepEqual(report === 'busy' || report.error, 'interrupted')
      assert.equal((await names()).length, 10)
      assert.equal((await run()).outcome, 'done')
      assert.equal((await names()).length, 10)
    })

    test('whoever arrives meanwhile, and keeps a name, is not left without one', async () => {
      const world = await syncWorld(await open(), { rules: { follow: ['mail'] } })
      const { source, run, user, database } = world
      source.put('ann')
      await run()
      source.put('ann', { uid: 'uid-new' })
      source.afterPage = async () => {
        // The one of that name is renamed, and the new one signs in.
        await database.write(async (tx) => {
          await tx.rows(sql`UPDATE users SET username = 'old', username_key = 'old' WHERE username_key = 'ann'`)
          await tx.rows(sql`
            INSERT INTO users (id, directory, directory_uid, username, username_key, created_at)
            VALUES ('new', 'local', 'uid-new', 'ann', 'ann', 0)`)
        })
      }
      await run()
      assert.equal((await user('ann'))?.username_key, 'ann')
    })
  })
}
