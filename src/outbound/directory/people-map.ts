import type { Entry } from 'ldapts'
import { type PhoneAttribute, phoneAttributes, type SourcePerson } from '../../core/sync/source.ts'
import type { LdapAttributes } from './ldap-config.ts'
import { readUid, text, wanted } from './ldap-entry.ts'
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

/** A person, or what the entry lacks. */
export function readPerson(
  entry: Entry,
  { basic, more }: PeopleMap,
  now: Date,
): SourcePerson | { missing: 'uid' | 'username'; uid?: string } {
  const uid = readUid(entry, basic.uid)
  if (uid === undefined) return { missing: 'uid' }
  const value = (attribute: string | undefined) =>
    attribute === undefined ? undefined : bounded(text(entry, attribute))
  const username = value(basic.username) ?? value(more.secondUsername)
  if (username === undefined) return { missing: 'username', uid }
  return {
    ...{ uid, dn: entry.dn, username, enabled: !isDisabled(entry) && !hasEnded(entry, now) },
    ...{ firstName: value(more.firstName), lastName: value(more.lastName), displayName: value(basic.displayName) },
    ...{ mail: value(basic.mail), description: value(more.description), group: value(more.group) },
    ...{ language: value(more.language), extension: value(more.extension) },
    phones: phonesOf(value, more),
  }
}

function phonesOf(
  value: (attribute: string | undefined) => string | undefined,
  { phones }: PeopleAttributes,
): SourcePerson['phones'] {
  const found: [PhoneAttribute, string | undefined][] = phoneAttributes.map((kind) => [kind, value(phones[kind])])
  return Object.fromEntries(found.filter(([, number]) => number !== undefined))
}

function bounded(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= LONGEST ? value : undefined
}
