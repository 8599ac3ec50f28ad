import { createSealer } from '../core/audit/sealer.ts'
import { createSweeper } from '../core/housekeeping/sweep.ts'
import type { Clock, Ids, Log } from '../core/ports.ts'
import type { Keyring } from '../core/secrets/keyring.ts'
import { auditChain } from '../storage/audit-chain-store.ts'
import { leaseStore } from '../storage/lease-store.ts'
import { leftovers } from '../storage/leftover-store.ts'
import type { Database, Rows } from '../storage/sql/database.ts'

type Needs = { database: Database; keyring: Keyring; clock: Clock; log: Log; ids: Ids }

/** What a node does by itself, one node at a time for all: it seals the audit log and deletes what is over. */
export function startUpkeep({ database, keyring, clock, log, ids }: Needs): { close(): Promise<void> } {
  const holder = ids.next()
  const stores = (tx: Rows) => ({
    chain: auditChain(tx, database.dialect),
    leases: leaseStore(tx),
    leftovers: leftovers(tx),
  })
  const waiting = auditChain(database, database.dialect)
  const needs = {
    write: <T>(unit: (over: ReturnType<typeof stores>) => Promise<T>) => database.write((tx) => unit(stores(tx))),
  }
  const sweeper = createSweeper({ ...needs, clock, log, holder })
  const sealer = createSealer({ ...needs, waiting, keyring, clock, log, holder })

  return {
    async close() {
      await sweeper.close()
      await sealer.close()
    },
  }
}
