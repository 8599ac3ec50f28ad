import type { Entry } from 'ldapts'
import type { DirectoryPerson } from '../../core/directory.ts'
import type { LdapAttributes } from './ldap-config.ts'

/** A search's one hit. The DN is the directory's own text and is used for the bind as it came. */
export type Hit = { dn: string; person: DirectoryPerson }

/** What a hit lacks: without it nobody can be told apart from somebody else. */
export type Flaw = { missing: 'dn' | 'uid' | 'username' }

/** RFC 2307: the number of a posixGroup, and in a person that of the group which does not list them. */
export const PRIMARY_GROUP = 'gidNumber'

/** Ids that are bytes: they are asked for as bytes, and shown as hex. */
const binaryIds = ['objectGUID', 'GUID']

/** The attribute list of a search, and which of it must not be read as text. */
export function wanted(attributes: LdapAttributes): { attributes: string[]; explicitBufferAttributes: string[] } {
  return {
    attributes: [...new Set(Object.values(attributes))],
    explicitBufferAttributes: [attributes.uid, ...binaryIds],
  }
}

export function readHit(entry: Entry, attributes: LdapAttributes): Hit | Flaw {
  // RFC 4513 section 5.1: a bind without a name is an anonymous one, whatever the password.
  if (entry.dn.trim() === '') return { missing: 'dn' }
  const uid = readUid(entry, attributes.uid)
  if (uid === undefined) return { missing: 'uid' }
  const username = text(entry, attributes.username)
  if (username === undefined) return { missing: 'username' }

  return {
    dn: entry.dn,
    person: {
      uid,
      username,
      displayName: text(entry, attributes.displayName),
      mail: text(entry, attributes.mail),
      phone: text(entry, attributes.phone),
    },
  }
}

/** An id is one value. UUIDs are compared without regard to case (RFC 4530), so they are kept in lower case. */
export function readUid(entry: Entry, attribute: string): string | undefined {
  const [value, another] = values(entry, attribute)
  if (value === undefined || another !== undefined) return undefined
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  if (isBinaryId(attribute)) return bytes.length === 16 ? bytes.toString('hex') : undefined
  const text = bytes.toString('utf8')
  if (text.trim() === '' || text.length > LONGEST_ID || /\p{Cc}/u.test(text)) return undefined
  if (!Buffer.from(text).equals(bytes)) return undefined
  return uuid.test(text) ? text.toLowerCase() : text
}

const LONGEST_ID = 256
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isBinaryId(attribute: string): boolean {
  return binaryIds.some((id) => id.toLowerCase() === attribute.toLowerCase())
}

/** Servers spell attribute names as their schema does, not as they were asked (RFC 4512 section 2.5). */
function values(entry: Entry, attribute: string): (string | Buffer)[] {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase())
  return name === undefined ? [] : [entry[name] ?? []].flat()
}

/** The first value that is not blank. */
export function text(entry: Entry, attribute: string): string | undefined {
  return texts(entry, attribute)[0]
}

/** Those that are not blank. */
export function texts(entry: Entry, attribute: string): string[] {
  return values(entry, attribute)
    .map((value) => String(value).trim())
    .filter((each) => each !== '')
}

/** An attribute that was left out of an entry, whole, for a value that is too long. */
export type Cut = { dn: string; attribute: string }

/** A value that nobody typed into a form is not worth its room; the rest of the entry is. */
export function withoutLong(entries: readonly Entry[], longest: number): { entries: Entry[]; cut: Cut[] } {
  const cut: Cut[] = []
  const kept = entries.map((entry) => {
    const attributes = Object.entries(entry).filter(([attribute, values]) => {
      if (attribute === 'dn' || [values].flat().every((value) => Buffer.byteLength(value) <= longest)) return true
      cut.push({ dn: entry.dn, attribute })
      return false
    })
    return { ...Object.fromEntries(attributes), dn: entry.dn }
  })
  return { entries: kept, cut }
}
