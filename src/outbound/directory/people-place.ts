import type { Filter } from 'ldapts'
import type { Clock, Random } from '../../core/ports.ts'
import { checkedLdap, type LdapAttributes, type LdapConfig } from './ldap-config.ts'
import { wanted } from './ldap-entry.ts'
import type { Wanted } from './ldap-searcher.ts'
import { serverRow } from './ldap-servers.ts'
import type { SessionConfig } from './ldap-session.ts'
import { type Dialect, ldapDialect, type PeopleConfig, windowsDialect } from './people-config.ts'
import type { PeopleMap } from './people-map.ts'
import { baseOf, checkedFilter, type WindowsConfig } from './windows-config.ts'
import { controllersOf } from './windows-controllers.ts'

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

export function placeOf({ from, attributes }: PeopleConfig, needs: Needs): Place {
  const found = from.kind === 'ldap' ? ldapPlace(from.ldap, needs) : windowsPlace(from.windows, needs)
  const { basic, second, ...place } = found
  const map = { basic, more: { ...attributes, secondUsername: attributes.secondUsername ?? second } }
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
    second: undefined,
  }
}

function windowsPlace(config: WindowsConfig, needs: Needs) {
  const { ca, timeoutMs, account: dn, password, domain, username } = config
  const userFilter = checkedFilter(config.userFilter)
  const root = baseOf(domain)
  const basic: LdapAttributes = {
    uid: 'objectGUID',
    username: username === 'upn' ? 'userPrincipalName' : 'sAMAccountName',
    displayName: 'displayName',
    mail: 'mail',
    phone: 'telephoneNumber',
  }
  return {
    kind: 'windows' as const,
    row: serverRow(controllersOf(config, config, needs), needs.clock),
    ...{ ca, timeoutMs, account: { by: 'password' as const, dn, password }, root, groupRoot: root },
    userFilters: userFilter ? [userFilter] : [],
    dialect: windowsDialect,
    basic,
    second: 'sAMAccountName',
  }
}
