import type { Filter } from 'ldapts'
import type { Clock, Random } from '../../core/ports.ts'
import { checkedLdap, type LdapAttributes, type LdapConfig } from './ldap-config.ts'
import { wanted } from './ldap-entry.ts'
import type { Wanted } from './ldap-searcher.ts'
import { serverRow } from './ldap-servers.ts'
import type { SessionConfig } from './ldap-session.ts'
import { type Dialect, ldapDialect, type PeopleAttributes, type PeopleConfig, windowsDialect } from './people-config.ts'
import { isBelow } from './people-cursor.ts'
import type { PeopleMap } from './people-map.ts'
import { askingIn, baseOf, type TrustedDomain, type WindowsConfig } from './windows-config.ts'
import { controllersOf } from './windows-controllers.ts'
import { namingIn } from './windows-naming.ts'

/** Where people are read, and how entries of that directory are understood. */
export type Place = SessionConfig & {
  kind: 'ldap' | 'windows'
  /** The top of the tree, in which ids are looked for. */
  root: string
  groupRoot: string
  /** What the operator demands of everybody who signs in. */
  userFilters: readonly Filter[]
  dialect: Dialect
  map: PeopleMap
  /** What is asked of an entry to know who it is, and these attributes. */
  idsAnd(attributes: string[]): Wanted
}

type Needs = { clock: Clock; random: Random }

/** The directory; of Active Directory the own domain, and then each that it trusts. */
export function placesOf({ from, attributes }: PeopleConfig, needs: Needs): [Place, ...Place[]] {
  if (from.kind === 'ldap') return [placeOf(ldapPlace(from.ldap, needs), attributes)]
  const { windows } = from
  const over = (domain: WindowsConfig | TrustedDomain) => placeOf(windowsPlace(domain, windows, needs), attributes)
  return [over(windows), ...windows.trusted.map(over)]
}

/** Where a base is: in the domain below whose top it is, child domains of others apart; else it is ours to find it missing. */
export function placeFor(base: string | undefined, places: readonly [Place, ...Place[]]): Place {
  const [own] = places
  const holding = places.filter(({ root }) => base !== undefined && isBelow(base, root))
  return holding.toSorted((one, other) => other.root.length - one.root.length)[0] ?? own
}

type Found = Omit<Place, 'map' | 'idsAnd'> & Pick<PeopleMap, 'basic' | 'naming'> & { second: string | undefined }

function placeOf({ basic, naming, second, ...place }: Found, attributes: PeopleAttributes): Place {
  const map = { basic, naming, more: { ...attributes, secondUsername: attributes.secondUsername ?? second } }
  const { uid, username } = basic
  const ids = wanted({ ...basic, uid, username })
  const idsAnd = (more: string[]) => ({ ...ids, attributes: [uid, username, ...more] })
  return { ...place, map, idsAnd }
}

function ldapPlace(config: LdapConfig, { clock }: Needs) {
  const checked = checkedLdap(config)
  const { servers, ca, identity, timeoutMs, account, baseDn, groupBaseDn, userFilter, attributes } = checked
  return {
    kind: 'ldap' as const,
    row: serverRow(async () => servers, clock),
    ...{ ca, identity, timeoutMs, account, root: baseDn, groupRoot: groupBaseDn ?? baseDn },
    userFilters: userFilter ? [userFilter] : [],
    dialect: ldapDialect(checked),
    basic: attributes,
    ...{ naming: undefined, second: undefined },
  }
}

function windowsPlace(domain: WindowsConfig | TrustedDomain, config: WindowsConfig, needs: Needs) {
  const { ca, timeoutMs, username } = config
  const { account, userFilter } = askingIn(domain, config)
  const root = baseOf(domain.domain)
  const basic: LdapAttributes = {
    uid: 'objectGUID',
    username: username === 'upn' ? 'userPrincipalName' : 'sAMAccountName',
    displayName: 'displayName',
    mail: 'mail',
    phone: 'telephoneNumber',
  }
  return {
    kind: 'windows' as const,
    row: serverRow(controllersOf(domain, config, needs), needs.clock),
    ...{ ca, timeoutMs, account, root, groupRoot: root, naming: namingIn(domain, config) },
    userFilters: userFilter ? [userFilter] : [],
    dialect: windowsDialect,
    basic,
    second: 'sAMAccountName',
  }
}
