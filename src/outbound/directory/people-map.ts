import type { Entry } from 'ldapts'
import { type PhoneAttribute, phoneAttributes, type SourcePerson } from '../../core/sync/source.ts'
import type { LdapAttributes } from './ldap-config.ts'
import { readUid, text, texts, wanted } from './ldap-entry.ts'
import type { Wanted } from './ldap-searcher.ts'
import { hasEnded, isDisabled, stateAttributes } from './ldap-state.ts'
import type { PeopleAttributes } from './people-config.ts'

export type PeopleMap = { basic: LdapAttributes; more: PeopleAttributes }

/** Longer than anything that is a name, a number or a description: such a value is left out. */
const LONGEST = 4096

export function wantedOf({ basic, more }: PeopleMap): Wanted {
  const { phones, ...single } = more
  const names = [...Object.values(single), ...Object.values(phones)].filter((name) => name !== undefined)
  const base = wanted(basic)
  return { ...base, attributes: [...new Set([...base.attributes, ...names, ...stateAttributes])] }
}

/** A person; nobody can be told apart without an id. */
export function readPerson(entry: Entry, { basic, more }: PeopleMap, now: Date): SourcePerson | { missing: 'uid' } {
  const uid = readUid(entry, basic.uid)
  if (uid === undefined) return { missing: 'uid' }
  const value = (attribute: string | undefined) =>
    attribute === undefined ? undefined : bounded(text(entry, attribute))
  const username = value(basic.username) ?? value(more.secondUsername) ?? ''
  return {
    ...{ uid, dn: entry.dn, username, enabled: !isDisabled(entry) && !hasEnded(entry, now) },
    ...{ firstName: value(more.firstName), lastName: value(more.lastName), displayName: value(basic.displayName) },
    ...{ mail: value(basic.mail), description: value(more.description), group: value(more.group) },
    ...{ language: value(more.language), extension: value(more.extension) },
    phones: phonesOf(entry, more),
  }
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
