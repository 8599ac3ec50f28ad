import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import { tellOfMailChanges } from '../delivery/sync-letters.ts'
import type { User } from '../users/user.ts'
import type { SyncStores } from './needs.ts'

/** In one run: so many changes of mail addresses there were until now, of `most` their owners are told. */
export type MailChanges = { seen: number; most: number }

/**
 * Tells somebody at the address from before that it is another: whoever changed it in the directory gets the mails that would
 * tell of their next steps. A company that changes its domain does not have ten thousand mails sent by that; whoever would
 * hide one change among many is seen by the administrators.
 */
export async function tellOfMail(
  { notices }: { notices: NoticeNeeds },
  { deliveries, audit }: Pick<SyncStores, 'deliveries' | 'audit'>,
  { before, mails }: { before: User; mails: MailChanges },
  now: Date,
): Promise<void> {
  const { most } = mails
  mails.seen++
  if (mails.seen <= most) return tellOf(notices, deliveries, before, { kind: 'mail-changed' }, now)
  if (mails.seen > most + 1) return
  await audit.write({ what: 'notices.withheld', at: now, facts: { most } })
  if (most > 0) await tellOfMailChanges(notices, deliveries, { most }, now)
}
