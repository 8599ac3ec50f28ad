import { type Language, languages } from '../../contract/languages.ts'
import { isMailAddress } from '../../contract/mail-address.ts'
import type { ItemRules } from '../../contract/operate-sync.ts'
import { parsePhone, readExtension } from '../users/phone.ts'
import { usernameKey } from '../users/user.ts'
import type { Profile } from './person.ts'
import type { SourcePerson } from './source.ts'

/** The country of numbers without a country code, and whose numbers may be used; none named: all. */
export type Numbering = { country: string; countries: readonly string[] }
export type Wanted = { profile: Profile; complaints: string[] }

const LONGEST = 256

/**
 * What the directory says of a person, judged: details that cannot be used are left out and said, and never keep the
 * person out. Undefined without a user name that can be one.
 */
export function wantedOf(person: SourcePerson, rules: ItemRules, numbering: Numbering): Wanted | undefined {
  const key = usernameKey(person.username)
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
  const profile = {
    username: person.username.normalize('NFC').trim(),
    key,
    firstName,
    lastName,
    displayName: short('display name', person.displayName) ?? (whole === '' ? undefined : whole.slice(0, LONGEST)),
    mail: mailOf(person.mail, complaints),
    description: short('description', person.description),
    group: short('group', person.group) ?? rules.group,
    language: languageOf(person.language) ?? rules.language,
    ...phoneOf(person, rules, numbering, complaints),
  }
  return { profile, complaints }
}

/** Databases keep no zero byte, and an id is compared as it is. */
function isPlainId(uid: string): boolean {
  return uid !== '' && uid.length <= LONGEST && uid.isWellFormed() && !/\p{Cc}/u.test(uid)
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
}

function mailOf(text: string | undefined, complaints: string[]): string | undefined {
  const mail = text?.trim()
  if (!mail) return undefined
  if (isMailAddress(mail)) return mail
  complaints.push('mail: not an address that mails are sent to')
  return undefined
}

/** `de`, `de-AT`, `DE_ch`. */
function languageOf(text: string | undefined): Language | undefined {
  const tag = text?.trim().toLowerCase().split(/[-_]/)[0]
  return languages.find((language) => language === tag)
}

/** The first usable number in the order of the rules. An extension of the directory belongs to a number without its own. */
function phoneOf(person: SourcePerson, { phones }: ItemRules, { country, countries }: Numbering, complaints: string[]) {
  for (const source of phones) {
    const text = person.phones[source]?.trim()
    if (!text) continue
    const { number, extension } = splitExtension(text)
    const phone =
      number.length > 64 ? ({ ok: false, problem: 'too-long' } as const) : parsePhone(number, country, countries)
    if (!phone.ok) {
      complaints.push(`${source} phone: ${phone.problem}`)
      continue
    }
    const own = source === 'mobile' ? '' : (person.extension ?? '')
    const phoneExtension = readExtension(extension ?? own)
    if (phoneExtension === undefined) complaints.push('extension: not one to eight digits')
    return { phone: phone.e164, phoneExtension: phoneExtension || undefined }
  }
  return { phone: undefined, phoneExtension: undefined }
}

/** `+1 206 555 0177 x890`, `… ext. 890`: an extension at the end of a number. */
function splitExtension(text: string): { number: string; extension: string | undefined } {
  const at = text.slice(0, 128).search(/(?:x|ext\.?)[ ]?\d{1,8}$/i)
  if (at < 1) return { number: text, extension: undefined }
  return { number: text.slice(0, at).trim(), extension: text.slice(at).replace(/\D/g, '') }
}
