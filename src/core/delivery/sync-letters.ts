import { isMailAddress } from '../../contract/mail-address.ts'
import { asksPin, isModed, modeOf } from '../policy/modes.ts'
import { offered } from '../policy/ways.ts'
import type { Settings } from '../settings/settings.ts'
import { maskedPhone } from '../users/phone.ts'
import { nameOf, type User } from '../users/user.ts'
import { type Letter, oneLine } from './letter.ts'
import type { About, Begins, LetterWording } from './letters.ts'
import { common, enqueuePaced, type MailNeeds } from './mail-notices.ts'
import type { DeliveryQueue } from './queue.ts'

/** Names in a mail of removals; the list itself has all. */
const MOST_NAMES = 20
const AT_ONCE = { newcomer: 1, administrators: 10 } as const

/** Mails somebody who was imported how to begin, within the unit of work that added them. */
export async function welcomeNewcomer(
  needs: MailNeeds,
  deliveries: DeliveryQueue,
  user: User,
  now: Date,
): Promise<void> {
  const { mail, settings } = needs
  const { mail: to } = user
  if (!mail || to === undefined || !isMailAddress(to)) return
  const current = settings.current()
  const begins = beginningFor(user, current)
  const method = 'asked' in begins ? begins.asked : begins.setsUp
  const about = {
    ...common(current, user.language, undefined, now),
    name: oneLine(nameOf(user)),
    username: oneLine(user.username),
    portal: mail.portal(),
    begins,
    pin: isModed(method) && asksPin(modeOf(method, user.modes, current)),
  }
  const pace = { key: `newcomer/${user.id}`, atOnce: AT_ONCE.newcomer }
  await enqueuePaced(needs, deliveries, { to, pace, now }, (tells) => mail.letters.toNewcomer({ ...about, tells }))
}

/** What the first sign-in will ask of them. */
function beginningFor(user: User, settings: Settings): Begins {
  const { method, phone, preset } = user
  if ((method === 'text' || method === 'call') && phone !== undefined)
    return { asked: method, number: maskedPhone(phone) }
  const [first] = offered(settings, user)
  return { setsUp: first !== undefined && (first === preset || !settings['portal.allow_method']) ? first : 'any' }
}

/** Mails administrators that people wait to be disabled or removed, within the unit of work that lists them. */
export async function tellOfRemovals(
  needs: MailNeeds,
  deliveries: DeliveryQueue,
  { list, usernames }: { list: string; usernames: readonly string[] },
  now: Date,
): Promise<void> {
  const about = { list, people: usernames.length, usernames: usernames.slice(0, MOST_NAMES).map(oneLine) }
  await mailAdministrators(needs, deliveries, { kind: 'removals', now }, (letters, common) =>
    letters.ofRemovals({ ...common, ...about }),
  )
}

/** Mails administrators that people whose mail address changed are not told any more, within the unit of work of the first. */
export async function tellOfMailChanges(
  needs: MailNeeds,
  deliveries: DeliveryQueue,
  { most }: { most: number },
  now: Date,
): Promise<void> {
  await mailAdministrators(needs, deliveries, { kind: 'mail-changes', now }, (letters, common) =>
    letters.ofMailChanges({ ...common, most }),
  )
}

async function mailAdministrators(
  needs: MailNeeds,
  deliveries: DeliveryQueue,
  { kind, now }: { kind: string; now: Date },
  write: (letters: LetterWording, about: About) => Letter,
): Promise<void> {
  const { mail, settings } = needs
  if (!mail) return
  const current = settings.current()
  const about = common(current, undefined, undefined, now)
  for (const to of new Set(current['company.administrators_mail'])) {
    const pace = { key: `administrators/${kind}/${to}`, atOnce: AT_ONCE.administrators }
    await enqueuePaced(needs, deliveries, { to, pace, now }, (tells) => write(mail.letters, { ...about, tells }))
  }
}
