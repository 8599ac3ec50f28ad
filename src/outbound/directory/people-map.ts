import type { Entry } from 'ldapts'
import { speaking } from '../../contract/languages.ts'
import { type PhoneAttribute, phoneAttributes, type SourcePerson } from '../../core/sync/source.ts'
import type { LdapAttributes } from './ldap-config.ts'
import { isBinaryId, readUid, text, texts, wanted } from './ldap-entry.ts'
import type { Wanted } from './ldap-searcher.ts'
import { barAttributes, isDisabled, isOver } from './ldap-state.ts'
import type { PeopleAttributes } from './people-config.ts'
import type { Naming } from './windows-naming.ts'

/** `naming`: where names and ids are those of one domain of several. */
export type PeopleMap = { basic: LdapAttributes; more: PeopleAttributes; naming?: Naming | undefined }

/** Longer than anything that is a name, a number or a description: such a value is left out. */
const LONGEST = 4096

export function wantedOf({ basic, more }: PeopleMap): Wanted {
  const { phones, languages = {}, ...single } = more
  const names = [single, languages, phones].flatMap((some) => Object.values(some)).filter((name) => name !== undefined)
  const base = wanted(basic)
  return { ...base, attributes: [...new Set([...base.attributes, ...names, ...barAttributes])] }
}

/** A person; nobody can be told apart without an id. */
export function readPerson(entry: Entry, map: PeopleMap, now: Date): SourcePerson | { missing: 'uid' } {
  const { basic, more } = map
  const uid = idOf(entry, map)
  if (uid === undefined) return { missing: 'uid' }
  const value = (attribute: string | undefined) =>
    attribute === undefined ? undefined : bounded(text(entry, attribute))
  const username = usernameOf(value(basic.username), value(more.secondUsername), map) ?? ''
  return {
    ...{ uid, dn: entry.dn, username, enabled: !isDisabled(entry) && !isOver(entry, now) },
    ...{ firstName: value(more.firstName), lastName: value(more.lastName), displayName: value(basic.displayName) },
    ...{ mail: value(basic.mail), description: value(more.description), group: value(more.group) },
    ...{ language: value(more.language), languages: languagesOf(more, value), extension: value(more.extension) },
    phones: phonesOf(entry, more),
  }
}

/** As a sign-in knows somebody by it (`DirectoryPerson.uid`). */
export function idOf(entry: Entry, { basic, naming }: PeopleMap): string | undefined {
  const uid = readUid(entry, basic.uid)
  return uid === undefined ? undefined : (naming?.idOf(uid) ?? uid)
}

/** What a filter compares with to find who has that id; undefined: nobody has it there. */
export function idValue(id: string, { basic, naming }: PeopleMap): string | Buffer | undefined {
  const uid = naming ? naming.guidOf(id) : id
  return uid !== undefined && isBinaryId(basic.uid) ? Buffer.from(uid, 'hex') : uid
}

function usernameOf(first: string | undefined, second: string | undefined, { basic, naming }: PeopleMap) {
  if (!naming) return first ?? second
  return basic.username === 'userPrincipalName'
    ? naming.called(first, second)
    : naming.called(undefined, first ?? second)
}

function languagesOf(
  { languages = {} }: PeopleAttributes,
  value: (attribute: string | undefined) => string | undefined,
) {
  const found = speaking.map((method) => [method, value(languages[method])] as const)
  return Object.fromEntries(found.filter(([, tag]) => tag !== undefined))
}

function phonesOf(entry: Entry, { phones }: PeopleAttributes): SourcePerson['phones'] {
  const found = phoneAttributes.map((kind): [PhoneAttribute, string[]] => {
    const attribute = phones[kind]
    return [kind, attribute === undefined ? [] : texts(entry, attribute).filter((value) => value.length <= LONGEST)]
  })
  return Object.fromEntries(found.filter(([, numbers]) => numbers.length > 0))
}

function bounded(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= LONGEST ? value : undefined
}
