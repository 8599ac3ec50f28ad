import { isLanguage, type Language, type Speaking, languages as shipped } from '../../contract/languages.ts'
import { isMailAddress } from '../../contract/mail-address.ts'
import type { ItemRules } from '../../contract/operate-sync.ts'
import { LONGEST_DETAIL as LONGEST, oneLine } from '../users/details.ts'
import { usernameKey } from '../users/user.ts'
import type { Profile } from './person.ts'
import { linesOf, type Numbering, type WantedLines } from './phones.ts'
import type { SourcePerson } from './source.ts'

type Phones = 'phone' | 'phoneExtension' | 'backupPhone' | 'backupExtension'
type Languages = Pick<Profile, 'language' | `${Speaking}Language`>
export type Wanted = { details: Omit<Profile, Phones>; lines: WantedLines; complaints: string[] }

/**
 * What the directory says of a person, judged: details that cannot be used are left out and said, and never keep the
 * person out. Undefined without a user name that can be one.
 */
export function wantedOf(person: SourcePerson, rules: ItemRules, numbering: Numbering): Wanted | undefined {
  // What stands for bytes that are no text is in nobody's name, and would be one name for several people.
  const key = person.username.includes('\uFFFD') ? undefined : usernameKey(person.username)
  if (key === undefined || !isPlainId(person.uid)) return undefined
  const complaints: string[] = []
  const short = (name: string, value: string | undefined) => {
    const text = value === undefined ? '' : oneLine(value)
    if ([...text].length > LONGEST) complaints.push(`${name}: longer than ${LONGEST} characters`)
    return text === '' || [...text].length > LONGEST ? undefined : text
  }
  const firstName = short('first name', person.firstName)
  const lastName = short('last name', person.lastName)
  const whole = [firstName, lastName].filter((part) => part !== undefined).join(' ')
  const details = {
    username: person.username.normalize('NFC').trim(),
    key,
    firstName,
    lastName,
    displayName: short('display name', person.displayName) ?? (whole === '' ? undefined : whole.slice(0, LONGEST)),
    mail: mailOf(person.mail, complaints),
    description: short('description', person.description),
    group: short('group', person.group) ?? rules.group,
    ...languagesOf(person, rules, complaints),
  }
  const lines = linesOf(person, rules, numbering, (complaint) => {
    if (!complaints.includes(complaint)) complaints.push(complaint)
  })
  return { details, lines, complaints }
}

/** Databases keep no zero byte, and an id is compared as it is. */
function isPlainId(uid: string): boolean {
  return uid !== '' && uid.length <= LONGEST && uid.isWellFormed() && !/\p{Cc}/u.test(uid)
}

function mailOf(text: string | undefined, complaints: string[]): string | undefined {
  const mail = text?.trim()
  if (!mail) return undefined
  if (isMailAddress(mail)) return mail
  complaints.push('mail: not an address that mails are sent to')
  return undefined
}

/** None that pages and messages come in: the person has the item's, and it is told. */
function languagesOf({ language, languages = {} }: SourcePerson, rules: ItemRules, complaints: string[]): Languages {
  const judged = (name: string, text: string | undefined) => {
    const known = languageOf(text)
    if (known === undefined && text?.trim()) complaints.push(`${name}: none of ${shipped.join(', ')}`)
    return known
  }
  return {
    language: judged('language', language) ?? rules.language,
    callLanguage: judged('language of calls', languages.call) ?? rules.languages.call,
    textLanguage: judged('language of texts', languages.text) ?? rules.languages.text,
    appLanguage: judged('language of the app', languages.app) ?? rules.languages.app,
    oathLanguage: judged('language of OATH', languages.oath) ?? rules.languages.oath,
  }
}

/** `de`, `de-AT`, `DE_ch`, or several, the best first: `fr, de-at;q=0.8` (RFC 2798 section 2.7). */
function languageOf(text = ''): Language | undefined {
  const tags = text
    .slice(0, LONGEST)
    .toLowerCase()
    .split(',')
    .map((tag) => tag.trim().split(/[-_;]/)[0])
  return tags.find(isLanguage)
}
