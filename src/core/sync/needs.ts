import type { AuditLog } from '../audit/audit.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { LeaseStore } from '../leases/lease.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import type { Clock, Ids, Write } from '../ports.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { DirectoryKind, UserStore } from '../users/user.ts'
import type { SyncItemStore } from './item.ts'
import type { SyncPeople } from './person.ts'
import type { RemovalStore } from './removals.ts'
import type { SyncRunLog } from './run-log.ts'
import type { PeopleSource } from './source.ts'

export type SyncStores = {
  people: SyncPeople
  syncItems: SyncItemStore
  syncRuns: SyncRunLog
  removals: RemovalStore
  users: UserStore
  tokens: TokenStore
  sessions: SessionStore
  deliveries: DeliveryQueue
  audit: AuditLog
  leases: LeaseStore
}

export type SyncNeeds = {
  write: Write<SyncStores>
  read: Pick<SyncStores, 'people' | 'syncItems' | 'syncRuns' | 'removals'>
  /** Who can be imported, and as users of which directory; undefined where that cannot be read. */
  source: { people: PeopleSource; kind: DirectoryKind } | undefined
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  ids: Ids
  /** Lets whoever else waits go first: an embedded database answers without ever letting go. */
  pause(): Promise<void>
}
