import { AndFilter, EqualityFilter, type Filter, PresenceFilter } from 'ldapts'
import type { LanguagesApart } from '../../contract/languages.ts'
import type { PhoneAttribute } from '../../core/sync/source.ts'
import type { CheckedLdap, LdapConfig } from './ldap-config.ts'
import type { WindowsConfig } from './windows-config.ts'

/** Attribute names beyond those that a sign-in needs; undefined: not read. */
export type PeopleAttributes = {
  /** The user name of whom the first choice gives none. */
  secondUsername?: string | undefined
  firstName: string
  lastName: string
  description?: string | undefined
  group?: string | undefined
  language?: string | undefined
  languages?: LanguagesApart | undefined
  extension?: string | undefined
  phones: Readonly<Partial<Record<PhoneAttribute, string | undefined>>>
}

export type PeopleConfig = {
  from: { kind: 'ldap'; ldap: LdapConfig } | { kind: 'windows'; windows: WindowsConfig }
  attributes: PeopleAttributes
  /** RFC 4515 text in place of what finds people, groups and containers in a directory of that kind. */
  filters: { person?: string | undefined; group?: string | undefined; container?: string | undefined }
  pageSize: number
  /** Entries that one search may give. */
  most: number
  /** Milliseconds for one page; reaching a server has the time that a sign-in gives it. */
  pageMs: number
}

/** How a directory of one kind is read. */
export type Dialect = {
  person: Filter
  group: string
  container: string
  /** Its attribute of whoever changed since: a number of the server, or change sequence numbers (RFC 4533 names them CSN). */
  changed: string
  /** Other naming contexts are referred to, whatever the base, and hold no people. */
  mayRefer: boolean
}

export const windowsDialect = {
  // Computers are users too, and contacts are people too, who cannot sign in.
  person: new AndFilter({
    filters: [
      new EqualityFilter({ attribute: 'objectCategory', value: 'person' }),
      new EqualityFilter({ attribute: 'objectClass', value: 'user' }),
    ],
  }),
  group: '(&(objectCategory=group)(groupType:1.2.840.113556.1.4.804:=-2147483648))',
  container: '(|(objectClass=organizationalUnit)(objectClass=container))',
  changed: 'uSNChanged',
  mayRefer: true,
} as const satisfies Dialect

export function ldapDialect({ attributes }: Pick<CheckedLdap, 'attributes'>): Dialect {
  return {
    person: new PresenceFilter({ attribute: attributes.username }),
    group:
      '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup)(objectClass=groupOfMembers))',
    container: '(|(objectClass=organizationalUnit)(objectClass=container))',
    changed: 'entryCSN',
    mayRefer: false,
  }
}
