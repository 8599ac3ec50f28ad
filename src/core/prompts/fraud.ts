import type { AuditLog } from '../audit/audit.ts'
import { type MailNeeds, tellAdministrators } from '../delivery/mail-notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { SessionStore, SignInStore } from '../sessions/session.ts'
import { block } from '../users/block.ts'
import type { User, UserStore } from '../users/user.ts'
import type { Prompt } from './prompt.ts'

type TellingStores = { deliveries: DeliveryQueue; signIns: Pick<SignInStore, 'addressOf'> }
type BlockingStores = TellingStores & { users: UserStore; sessions: SessionStore; audit: AuditLog }
type About = { user: User; prompt: Pick<Prompt, 'method' | 'transactionId'>; now: Date }

/**
 * Tells administrators that a prompt was answered with a report of fraud; `account: 'asked'` where the person is now asked
 * whether to block the account. At once, and not after that answer, which may never come.
 */
export async function tellOfFraud(
  notices: MailNeeds,
  { deliveries, signIns }: TellingStores,
  { user, prompt, now }: About,
  account: 'open' | 'asked',
): Promise<void> {
  const address = await signIns.addressOf(prompt.transactionId)
  await tellAdministrators(notices, deliveries, user, { kind: 'fraud', method: prompt.method, account, address }, now)
}

/** Blocks the account after a report of fraud, and tells administrators. `days` 0: until it is lifted. */
export async function blockForFraud(
  notices: MailNeeds,
  stores: BlockingStores,
  { user, prompt, now }: About,
  days: number,
): Promise<void> {
  const address = await stores.signIns.addressOf(prompt.transactionId)
  const until = await block(stores, { user, now, days })
  await tellAdministrators(
    notices,
    stores.deliveries,
    user,
    { kind: 'blocked', method: prompt.method, until, address },
    now,
  )
}
