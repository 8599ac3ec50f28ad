import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { engineWorld } from '../engine.ts'
import { nonZero, type SyncWorld, syncWorld } from '../sync/world.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`what a synchronisation takes away, on ${dialect}`, () => {
    test('a directory that answers with nothing, or with half, takes nobody away, and administrators hear of it once', async () => {
      const world = await ten(await syncWorld(await open()))
      const { source, run, names, waiting, mails } = world
      source.mute = true
      for (let i = 0; i < 3; i++) assert.equal((await run({ whole: i === 1 })).outcome, 'waiting')
      assert.equal((await names()).length, 10)
      assert.equal((await waiting()).losses.length, 10)
      source.mute = false
      assert.equal((await run()).outcome, 'done')
      assert.deepEqual((await waiting()).losses, [])

      for (const name of ['p0', 'p1', 'p2', 'p3', 'p4', 'p5']) source.regroup(name, [])
      assert.deepEqual((await run()).counts.waiting, 6)
      assert.equal((await names()).length, 10)
      await settled(() => mails.mails('admin@corp.example').length === 2)
    })

    test('few people are not emptied either', async () => {
      const { source, run, names } = await syncWorld(await open(), { rules: { vanished: 'remove' } })
      source.put('ann')
      source.put('ben')
      await run()
      source.mute = true
      assert.equal((await run()).outcome, 'waiting')
      assert.deepEqual(await names(), ['ann', 'ben'])
    })

    test('an error in a page leaves what was done before it, takes nobody away, and the next run goes on', async () => {
      const world = await ten(await syncWorld(await open(), { pageSize: 5 }))
      const { source, run, names, counts } = world
      source.people.delete('uid-p0')
      for (let i = 0; i < 15; i++) source.put(`new${String(i).padStart(2, '0')}`)
      source.failsAfter = 2
      const broken = await run()
      assert.deepEqual([broken.outcome, broken.error], ['failed', 'directory.unreachable'])
      assert.equal(broken.counts.added, 10)
      assert.ok((await names()).includes('p0'))

      source.failsAfter = Number.POSITIVE_INFINITY
      assert.deepEqual(await counts(), { read: 15, added: 5, disabled: 1 })
      assert.equal((await names()).length, 24)
    })

    test('an item whose container is gone is told by its name, keeps its people, and holds up none of the others', async () => {
      const world = await syncWorld(await open(), { rules: { vanished: 'remove' } })
      const { source, run, names, user, addItem, api, operator } = world
      await addItem('sales', 'ou=sales', { vanished: 'remove' })
      source.put('ann')
      source.put('both', { in: ['ou=people', 'ou=sales'] })
      source.put('sue', { in: ['ou=sales'] })
      source.put('sid', { in: ['ou=sales'] })
      await run()
      const itemOfBoth = (await user('both'))?.sync_item

      source.missing.add('ou=people')
      source.people.delete('uid-ann')
      source.people.delete('uid-sue')
      source.put('new', { in: ['ou=sales'] })
      for (const how of [{ dryRun: true }, {}, { whole: true }]) {
        const broken = await run(how)
        assert.deepEqual(
          [broken.outcome, broken.error, broken.detail],
          ['failed', 'directory.missing', 'staff: no ou=people'],
        )
      }
      assert.deepEqual(await names(), ['ann', 'both', 'new', 'sid'])
      assert.equal((await user('both'))?.sync_item, itemOfBoth)
      assert.ok(await user('sue'), 'she may be in the container that cannot be read')
      const runs = await api.listSyncRuns(operator, { most: 1 })
      assert.ok(runs.ok && runs.value.runs[0]?.detail === 'staff: no ou=people')

      source.missing.clear()
      assert.deepEqual(nonZero((await run()).counts), { removed: 2 })
    })

    test('an approval is for just that list, and only for who is still gone', async () => {
      const world = await ten(await syncWorld(await open(), { rules: { vanished: 'remove' } }))
      const { source, run, users, waiting, api, operator, counts } = world
      for (let i = 0; i < 6; i++) source.regroup(`p${i}`, [])
      await run()
      const first = await waiting()
      source.regroup('p6', [])
      await run()
      const second = await waiting()
      assert.notEqual(second.list, first.list)
      const late = await api.approveRemovals(operator, { list: first.list ?? '' })
      assert.deepEqual(late, { ok: false, refusal: 'removals.unknown' })

      assert.ok((await api.approveRemovals(operator, { list: second.list ?? '' })).ok)
      source.regroup('p0', ['ou=people'])
      assert.deepEqual(await counts(), { removed: 6 })
      assert.deepEqual(
        (await users()).map(({ username }) => username),
        ['p0', 'p7', 'p8', 'p9'],
      )
      assert.deepEqual((await waiting()).losses, [])
    })

    test('whom an administrator keeps stays, and is not asked of again; others go as before', async () => {
      const world = await ten(await syncWorld(await open()))
      const { source, run, names, waiting, api, operator, counts } = world
      for (let i = 0; i < 5; i++) source.regroup(`p${i}`, [])
      source.put('p5', { enabled: false })
      await run()
      assert.ok((await api.rejectRemovals(operator, { list: (await waiting()).list ?? '' })).ok)
      assert.equal((await run()).outcome, 'done')
      assert.equal((await run({ whole: true })).outcome, 'done')
      assert.equal((await names()).length, 10)
      source.regroup('p6', [])
      assert.equal((await counts()).disabled, 1)
      assert.equal((await names()).length, 9)
    })

    test('who was disabled there and waits is not forgotten by the runs that follow', async () => {
      const world = await ten(await syncWorld(await open()))
      const { source, run, waiting, api, operator, names } = world
      for (let i = 0; i < 6; i++) source.put(`p${i}`, { enabled: false })
      await run()
      await run()
      const { list, losses } = await waiting()
      assert.equal(losses.length, 6)
      await api.approveRemovals(operator, { list: list ?? '' })
      await run()
      assert.equal((await names()).length, 4)
    })

    test('of two nodes at once one does it', async () => {
      const database = await open()
      const world = await ten(await syncWorld(database, { pageSize: 1 }))
      const { source, api, operator, masterKey, clock } = world
      const other = await engineWorld(database, {
        masterKey,
        clock,
        people: source,
        directory: world.directory,
        seeded: false,
        settings: { 'sync.automatic': false },
      })
      let answers: unknown[] = []
      source.afterPage = async () => {
        source.afterPage = async () => {}
        answers = await Promise.all([other.api.synchronise(operator, {}), api.synchronise(operator, {})])
      }
      const own = await api.synchronise(operator, { whole: true })
      assert.ok(own.ok && own.value.outcome === 'done')
      assert.deepEqual(answers, [
        { ok: true, value: { outcome: 'busy' } },
        { ok: true, value: { outcome: 'busy' } },
      ])
    })

    test('a node that dies in the middle is taken over from, and what it did stays', async () => {
      const database = await open()
      const world = await syncWorld(database, { pageSize: 2 })
      const { source, api, operator, clock, counts, names } = world
      for (let i = 0; i < 6; i++) source.put(`p${i}`)
      // It never comes back from its second page.
      let isStuck: () => void = () => {}
      const stuck = new Promise<void>((resolve) => {
        isStuck = resolve
      })
      let pages = 0
      let free: () => void = () => {}
      source.afterPage = async () => {
        if (++pages < 2) return
        source.afterPage = async () => {}
        isStuck()
        await new Promise<void>((resolve) => {
          free = resolve
        })
      }
      const dead = api.synchronise(operator, {})
      await stuck
      clock.advance(6)
      assert.deepEqual(await counts(), { read: 6, added: 2 })
      assert.equal((await names()).length, 6)
      free()
      const late = await dead
      assert.ok(late.ok && late.value.outcome === 'failed', 'it finds the lease gone, and changes nothing')
      const runs = await api.listSyncRuns(operator, {})
      assert.deepEqual(runs.ok && runs.value.runs.map(({ outcome, error }) => [outcome, error]), [
        ['done', undefined],
        ['failed', 'interrupted'],
      ])
    })
  })

  async function ten(world: SyncWorld): Promise<SyncWorld> {
    for (let i = 0; i < 10; i++) world.source.put(`p${i}`)
    await world.run()
    return world
  }
}

async function settled(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !isSo() && Date.now() < end; ) await sleep(20)
  assert.ok(isSo())
}
