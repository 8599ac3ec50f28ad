import { languageFor } from '../users/languages.ts'
import { maskedPhone } from '../users/phone.ts'
import type { User } from '../users/user.ts'
import { type MailNeeds, mailOwner, tellAdministrators } from './mail-notices.ts'
import { type DeliveryQueue, deliveryPlace } from './queue.ts'
import type { Wording } from './wording.ts'

export type NoticeNeeds = MailNeeds & { wording: Wording }

/** `address`: the internet address that it came from, where that is known. */
export type Change = Changed & { address?: string | undefined }
type Changed =
  | { kind: 'phone' | 'backup-phone'; newNumber: string }
  | { kind: 'backup-phone-removed' }
  | { kind: 'mail-changed' }
  | { kind: 'token-added' }
  | { kind: 'token-removed' }
  | { kind: 'passkey-added' }
  | { kind: 'passkey-removed' }
  | { kind: 'passkey-cloned' }
  | { kind: 'questions-answered' }
  | { kind: 'questions-used' }
  | { kind: 'recovery-made' }
  | { kind: 'recovery-used'; left: number }
  | { kind: 'device-added' }
  | { kind: 'device-removed' }
  | { kind: 'password' }
  | { kind: 'pin' }
  | { kind: 'pin-removed' }
  | { kind: 'method' }
  /** `method`: of the answer that was one too many. */
  | { kind: 'locked'; method?: string | undefined }

const HOUR = 3_600_000
/**
 * So many of one kind to one person in an hour: who was texted three times knows, and somebody is paid by the text. The mail
 * stands for the rest.
 */
const TEXTS_AN_HOUR = 3

/**
 * Tells the person of a change, at the number and the mail address that were on the account before it: whoever changed
 * the account, or set it up with a stolen password, cannot keep its owner from hearing of it. What only an administrator
 * can undo is told to administrators too. Part of the unit of work of the change.
 */
export async function tellOf(
  needs: NoticeNeeds,
  deliveries: DeliveryQueue,
  user: User,
  change: Change,
  now: Date,
): Promise<void> {
  await mailOwner(needs, deliveries, user, change, now)
  await textOwner(needs, deliveries, user, change, now)
  if (change.kind !== 'locked' || user.failures < needs.settings.current()['lock.budget']) return
  const { method, address } = change
  await tellAdministrators(needs, deliveries, user, { kind: 'locked', method, address }, now)
}

async function textOwner(
  { sealing, wording, settings, ids }: NoticeNeeds,
  deliveries: DeliveryQueue,
  user: User,
  change: Change,
  now: Date,
): Promise<void> {
  if (!user.phone) return
  const pace = `text/${change.kind}/${user.id}`
  if ((await deliveries.pacedSince(pace, new Date(now.getTime() - HOUR))) >= TEXTS_AN_HOUR) return
  const current = settings.current()
  const who = {
    language: languageFor('text', user, current),
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
    pace: { key: pace, tells: 1 },
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
    case 'mail-changed':
      return wording.mailChanged(who)
    case 'token-added':
      return wording.tokenAdded(who)
    case 'password':
      return wording.passwordChanged(who)
    case 'pin':
      return wording.pinChanged(who)
    case 'pin-removed':
      return wording.pinRemoved(who)
    case 'method':
      return wording.methodChosen(who)
    case 'locked':
      return wording.locked(who)
    case 'passkey-added':
      return wording.passkeyAdded(who)
    case 'passkey-removed':
      return wording.passkeyRemoved(who)
    case 'passkey-cloned':
      return wording.passkeyCloned(who)
    case 'questions-answered':
      return wording.questionsAnswered(who)
    case 'questions-used':
      return wording.questionsUsed(who)
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
