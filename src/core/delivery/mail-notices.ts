import { isMailAddress } from '../../contract/mail-address.ts'
import type { Ids } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { Settings, SettingsSource } from '../settings/settings.ts'
import { maskedPhone } from '../users/phone.ts'
import { nameOf, type User } from '../users/user.ts'
import { type Letter, oneLine, packLetter } from './letter.ts'
import type { About, Incident, LetterWording } from './letters.ts'
import type { Change } from './notices.ts'
import { type DeliveryQueue, deliveryPlace } from './queue.ts'

export type MailNeeds = {
  sealing: Sealing
  settings: SettingsSource
  ids: Ids
  /** Undefined where no mail server is configured. `portal`: the address of its first page, where that is known. */
  mail: { letters: LetterWording; portal(): string | undefined } | undefined
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** So many of one kind to one address go at once within an hour; what comes on top is one at the end of it. */
const AT_ONCE = { owner: 3, administrators: 10 } as const

/** Mails the owner what was changed, at the address that was on the account before it. */
export async function mailOwner(
  needs: MailNeeds,
  deliveries: DeliveryQueue,
  user: User,
  change: Change,
  now: Date,
): Promise<void> {
  const { mail, settings } = needs
  const { mail: to, language } = user
  if (!mail || to === undefined || !isMailAddress(to)) return
  const current = settings.current()
  const told = {
    kind: change.kind,
    newNumber: 'newNumber' in change ? maskedPhone(change.newNumber) : undefined,
    left: 'left' in change ? change.left : undefined,
    forGood: user.failures >= current['lock.budget'],
  }
  const about = {
    ...common(current, language, change.address, now),
    name: oneLine(nameOf(user)),
    portal: mail.portal(),
  }
  const pace = { key: `${change.kind}/${to}`, atOnce: AT_ONCE.owner }
  await enqueuePaced(needs, deliveries, { to, pace, now }, (tells) =>
    mail.letters.toOwner({ ...about, tells, change: told }),
  )
}

/**
 * Mails each address of `company.administrators_mail` what befell an account. Part of the unit of work in which it did.
 * `address`: where the sign-in came from.
 */
export async function tellAdministrators(
  needs: MailNeeds,
  deliveries: DeliveryQueue,
  user: User,
  incident: Incident & { address?: string | undefined },
  now: Date,
): Promise<void> {
  const { mail, settings } = needs
  const current = settings.current()
  if (!mail) return
  const about = {
    ...common(current, undefined, incident.address, now),
    name: oneLine(nameOf(user)),
    username: user.username,
  }
  for (const to of new Set(current['company.administrators_mail'])) {
    const pace = { key: `administrators/${incident.kind}/${to}`, atOnce: AT_ONCE.administrators }
    await enqueuePaced(needs, deliveries, { to, pace, now }, (tells) =>
      mail.letters.toAdministrators({ ...about, tells, incident }),
    )
  }
}

export function common(
  settings: Settings,
  language: string | undefined,
  address: string | undefined,
  at: Date,
): Omit<About, 'tells'> {
  return {
    language: language ?? settings['company.language'],
    company: settings['company.name'],
    accent: settings['company.accent'],
    helpLine: settings['company.help_line'],
    timeZone: settings['company.time_zone'],
    at,
    address,
  }
}

type Posting = { to: string; pace: { key: string; atOnce: number }; now: Date }

/**
 * A flood of one kind drowns nothing: the newest of what had to wait stands for all of it, and goes when the first that
 * had to wait has waited for an hour.
 */
export async function enqueuePaced(
  { sealing, ids }: MailNeeds,
  deliveries: DeliveryQueue,
  { to, pace: { key, atOnce }, now }: Posting,
  write: (tells: number) => Letter,
): Promise<void> {
  const waiting = await deliveries.takeBack(key, now)
  const mayGo = !waiting && (await deliveries.pacedSince(key, new Date(now.getTime() - HOUR))) < atOnce
  const notBefore = waiting?.notBefore ?? (mayGo ? now : new Date(now.getTime() + HOUR))
  const tells = (waiting?.tells ?? 0) + 1
  const id = ids.next()
  await deliveries.enqueue({
    id,
    kind: 'mail',
    to,
    sealedBody: sealing.seal(packLetter(write(tells)), deliveryPlace(id)),
    notBefore,
    deadline: new Date(notBefore.getTime() + DAY),
    createdAt: now,
    pace: { key, tells },
  })
}
