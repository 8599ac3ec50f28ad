import type { Ids } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { maskedPhone } from '../users/phone.ts'
import type { User } from '../users/user.ts'
import { type DeliveryQueue, deliveryPlace } from './queue.ts'
import type { Wording } from './wording.ts'

export type NoticeNeeds = { sealing: Sealing; wording: Wording; settings: SettingsSource; ids: Ids }
export type Change =
  | { kind: 'phone' | 'backup-phone'; newNumber: string }
  | { kind: 'backup-phone-removed' }
  | { kind: 'token-added' }
  | { kind: 'token-removed' }
  | { kind: 'passkey-added' }
  | { kind: 'passkey-removed' }
  | { kind: 'passkey-cloned' }
  | { kind: 'recovery-made' }
  | { kind: 'recovery-used'; left: number }
  | { kind: 'device-added' }
  | { kind: 'device-removed' }
  | { kind: 'locked' }

const HOUR = 3_600_000

/**
 * Tells the person of a change, at the number that was on the account before it: whoever changed the account, or set it
 * up with a stolen password, cannot keep its owner from hearing of it. Part of the unit of work of the change.
 */
export async function tellOf(
  { sealing, wording, settings, ids }: NoticeNeeds,
  deliveries: DeliveryQueue,
  user: User,
  change: Change,
  now: Date,
): Promise<void> {
  if (!user.phone) return
  const current = settings.current()
  const who = {
    language: user.language ?? current['company.language'],
    company: current['company.name'],
    helpLine: current['company.help_line'],
  }
  const body = sentenceOf(wording, change, who)
  const id = ids.next()
  await deliveries.enqueue({
    id,
    kind: 'text',
    to: user.phone,
    sealedBody: sealing.seal(body, deliveryPlace(id)),
    deadline: new Date(now.getTime() + 24 * HOUR),
    createdAt: now,
  })
}

function sentenceOf(
  wording: Wording,
  change: Change,
  who: { language: string; company: string; helpLine: string | undefined },
): string {
  switch (change.kind) {
    case 'phone':
      return wording.phoneChanged({ ...who, newNumber: maskedPhone(change.newNumber) })
    case 'backup-phone':
      return wording.backupPhoneChanged({ ...who, newNumber: maskedPhone(change.newNumber) })
    case 'backup-phone-removed':
      return wording.backupPhoneRemoved(who)
    case 'token-added':
      return wording.tokenAdded(who)
    case 'locked':
      return wording.locked(who)
    case 'passkey-added':
      return wording.passkeyAdded(who)
    case 'passkey-removed':
      return wording.passkeyRemoved(who)
    case 'passkey-cloned':
      return wording.passkeyCloned(who)
    case 'recovery-made':
      return wording.recoveryMade(who)
    case 'recovery-used':
      return wording.recoveryUsed({ ...who, left: change.left })
    case 'device-added':
      return wording.deviceAdded(who)
    case 'device-removed':
      return wording.deviceRemoved(who)
    case 'token-removed':
      return wording.tokenRemoved(who)
  }
}
