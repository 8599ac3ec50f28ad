import assert from 'node:assert/strict'
import type { Name } from '../../src/contract/contract.ts'
import type { EventName } from '../../src/core/audit/events.ts'
import type { engineWorld } from '../engine.ts'
import type { FakeSource } from './fake-source.ts'

type World = Awaited<ReturnType<typeof engineWorld>> & { source: FakeSource }
type Act = () => Promise<{ ok: boolean }>

const item = { name: 'staff', scope: { base: 'ou=people' }, rules: {} }

/** Operations of import and synchronisation that change something, what leads up to each, and the event that it leaves. */
export const syncChanges: readonly [operation: Name, ready: (world: World) => Promise<Act>, records: EventName][] = [
  [
    'addSyncItem',
    async ({ api, operator }) =>
      () =>
        api.addSyncItem(operator, item),
    'sync-item.set',
  ],
  [
    'changeSyncItem',
    async ({ api, operator }) => {
      await api.addSyncItem(operator, item)
      return () => api.changeSyncItem(operator, { name: 'staff', newName: 'people' })
    },
    'sync-item.set',
  ],
  [
    'removeSyncItem',
    async ({ api, operator }) => {
      await api.addSyncItem(operator, item)
      return () => api.removeSyncItem(operator, { name: 'staff' })
    },
    'sync-item.removed',
  ],
  [
    'synchronise',
    async ({ api, operator, source }) => {
      source.put('ann')
      await api.addSyncItem(operator, item)
      return () => api.synchronise(operator, {})
    },
    'user.added',
  ],
  [
    'approveRemovals',
    async (world) => {
      const list = await waiting(world)
      return () => world.api.approveRemovals(world.operator, { list })
    },
    'removals.approved',
  ],
  [
    'rejectRemovals',
    async (world) => {
      const list = await waiting(world)
      return () => world.api.rejectRemovals(world.operator, { list })
    },
    'removals.rejected',
  ],
]

/** The only one of an item is gone. */
async function waiting({ api, operator, source }: World): Promise<string> {
  source.put('ann')
  await api.addSyncItem(operator, item)
  await api.synchronise(operator, {})
  source.people.clear()
  await api.synchronise(operator, {})
  const answer = await api.readRemovals(operator, {})
  return (answer.ok && answer.value.list) || assert.fail('nothing waits')
}
