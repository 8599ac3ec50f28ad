import type { Handlers } from '../gate.ts'
import type { SyncNeeds } from './needs.ts'
import {
  addSyncItem,
  changeSyncItem,
  findInDirectory,
  listSyncItems,
  listSyncRuns,
  readRemovals,
  removeSyncItem,
  sayToRemovals,
  synchroniseNow,
} from './operate.ts'
import { previewSyncItem } from './preview.ts'

/** Rows of the contract about import and synchronisation, and what answers them. */
export function syncHandlers(sync: SyncNeeds) {
  return {
    listSyncItems: () => listSyncItems(sync),
    addSyncItem: (_who, input) => addSyncItem(sync, input),
    changeSyncItem: (_who, input) => changeSyncItem(sync, input),
    removeSyncItem: (_who, input) => removeSyncItem(sync, input),
    findInDirectory: (_who, input) => findInDirectory(sync, input),
    previewSyncItem: (_who, input) => previewSyncItem(sync, input),
    synchronise: (_who, input) => synchroniseNow(sync, input),
    listSyncRuns: (_who, input) => listSyncRuns(sync, input),
    readRemovals: () => readRemovals(sync),
    approveRemovals: (_who, input) => sayToRemovals('approved')(sync, input),
    rejectRemovals: (_who, input) => sayToRemovals('rejected')(sync, input),
  } satisfies Partial<Handlers>
}
