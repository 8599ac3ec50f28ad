import type { ItemRules } from '../../contract/operate-sync.ts'
import { parsePhone, readExtension } from '../users/phone.ts'
import type { Profile } from './person.ts'
import type { PhoneAttribute, SourcePerson } from './source.ts'

/** The country of numbers without a country code, and whose numbers may be used; none named: all. */
export type Numbering = { country: string; countries: readonly string[] }
/** `phone` in E.164. */
export type Line = { phone: string; extension: string | undefined }
export type WantedLines = {
  /** The first usable one in the order of the rules. */
  primary: Line | undefined
  /** The first two of the other order: one of them may be the primary one. */
  backups: readonly Line[]
}

const LONGEST = 128
const LONGEST_NUMBER = 64
/** Of one attribute. */
const MOST_VALUES = 10

/** An extension of the directory belongs to a primary number without its own, and no mobile phone has one. */
export function linesOf(
  person: SourcePerson,
  { phones, backupPhones }: ItemRules,
  numbering: Numbering,
  complain: (complaint: string) => void,
): WantedLines {
  const shared = (source: PhoneAttribute) => (source === 'mobile' ? undefined : person.extension)
  const [primary] = usable(person, { order: phones, extension: shared, most: 1 }, numbering, complain)
  const backups = usable(person, { order: backupPhones, extension: () => undefined, most: 2 }, numbering, complain)
  return { primary, backups }
}

type Order = {
  order: readonly PhoneAttribute[]
  extension(source: PhoneAttribute): string | undefined
  most: number
}

function usable(
  { phones }: SourcePerson,
  { order, extension, most }: Order,
  numbering: Numbering,
  complain: (complaint: string) => void,
): Line[] {
  const found: Line[] = []
  for (const source of order) {
    const lines = (phones[source] ?? []).slice(0, MOST_VALUES).map((text) => readLine(text, numbering))
    const good = lines.flatMap((line) => ('problem' in line ? [] : [line]))
    const [bad] = lines.flatMap((line) => ('problem' in line ? [line.problem] : []))
    if (good.length === 0 && bad !== undefined) complain(`${source} phone: ${inWords[bad]}`)
    for (const { phone, extension: own } of good) {
      const digits = readExtension(own ?? extension(source) ?? '')
      if (digits === undefined) complain('extension: not one to eight digits')
      const line = { phone, extension: digits || undefined }
      if (!found.some((each) => isSameLine(each, line)) && found.push(line) >= most) return found
    }
  }
  return found
}

type BadLine = Extract<ReturnType<typeof parsePhone>, { ok: false }>['problem']

/** As operators read them, beside the name of the person. */
const inWords: Readonly<Record<BadLine, string>> = {
  missing: 'no number',
  'not-a-number': 'not a telephone number',
  'too-short': 'too short for a number of that country',
  'too-long': 'too long for a number of that country',
  impossible: 'no number of that country that can be used',
  'country-not-allowed': 'of a country that phone.countries does not allow',
}

function readLine(value: string, { country, countries }: Numbering): Line | { problem: BadLine } {
  if (value.length > LONGEST) return { problem: 'too-long' }
  // What is copied from a contact brings marks of direction along; RFC 3966 begins with the scheme.
  const text = value
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
  const { number, extension } = splitExtension(text)
  if (number.length > LONGEST_NUMBER) return { problem: 'too-long' }
  const phone = parsePhone(number, country, countries)
  return phone.ok ? { phone: phone.e164, extension } : { problem: phone.problem }
}

/** `+1 206 555 0177 x890`, `… ext. 890`, `…, extension 890`, `…;ext=890` (RFC 3966): an extension at the end of a number. */
function splitExtension(text: string): { number: string; extension: string | undefined } {
  const [end, extension] = /[,;]? *(?:x|#|ext(?:n|ension)?) *[.:=]? *(\d{1,8})$/i.exec(text) ?? []
  if (end === undefined || end === text) return { number: text, extension: undefined }
  return { number: text.slice(0, -end.length).trim(), extension }
}

export function isSameLine(one: Line, other: Line): boolean {
  return one.phone === other.phone && one.extension === other.extension
}

/**
 * Whoever may edit numbers in the directory could else have anybody's codes sent to themselves: a number on the account of
 * somebody who has a second step is changed, or added, only where the rules say so; and it is never taken away.
 */
export function phonesFor(
  known: Profile & { method: unknown },
  { primary, backups }: WantedLines,
  { follow }: ItemRules,
): Phones {
  const follows = follow.includes('phone')
  const may = (phone: string | undefined) => follows || (phone === undefined && known.method === undefined)
  const own = known.phone === undefined ? undefined : { phone: known.phone, extension: known.phoneExtension }
  const first = primary && may(known.phone) ? primary : own
  const ownBackup =
    known.backupPhone === undefined ? undefined : { phone: known.backupPhone, extension: known.backupExtension }
  const others = first ? backups.filter((line) => !isSameLine(line, first)) : []
  const second = others[0] && may(known.backupPhone) ? others[0] : ownBackup
  // One that has become the primary one; what somebody has set up alike is theirs.
  const isTaken = first && second && first !== own && isSameLine(first, second)
  return phonesOf(first, isTaken ? undefined : second)
}

export function phonesOfNewcomer({ primary, backups }: WantedLines): Phones {
  return phonesOf(primary, primary && backups.find((line) => !isSameLine(line, primary)))
}

type Phones = Pick<Profile, 'phone' | 'phoneExtension' | 'backupPhone' | 'backupExtension'>

function phonesOf(first: Line | undefined, second: Line | undefined): Phones {
  return {
    phone: first?.phone,
    phoneExtension: first?.extension,
    backupPhone: second?.phone,
    backupExtension: second?.extension,
  }
}
