import { AndFilter, type Entry, EqualityFilter, type Filter, OrFilter } from 'ldapts'
import type { Bar } from '../../core/directory.ts'
import type { LdapAttributes } from './ldap-config.ts'
import { type Hit, readHit, text, wanted } from './ldap-entry.ts'
import type { Found, Searcher } from './ldap-searcher.ts'
import { type AccountState, barOf } from './windows-codes.ts'
import { baseOf } from './windows-config.ts'
import { hasGuid, NOTHING } from './windows-membership.ts'
import { type DomainNames, isOf, type TypedName } from './windows-names.ts'
import type { Naming } from './windows-naming.ts'

const UPN = 'userPrincipalName'
const ACCOUNT = 'sAMAccountName'
const STATE = ['userAccountControl', 'msDS-User-Account-Control-Computed', 'accountExpires']
const HOURS = 'logonHours'
/** A name can be one person's principal name and another's account name. */
const BY_EITHER_NAME = 3

export type Person = Hit & { state: AccountState }

type Config = {
  names: DomainNames
  /** How users are called here. */
  username: 'upn' | 'account'
  naming: Naming
  userFilter?: Filter | undefined
}

/** By whoever has the password, or by a proxy that has seen a ticket. */
type Given = 'typed' | 'proven'

export type People = {
  /** Who goes by that name. `from` says which controller knew. */
  find(name: TypedName, given?: Given): Promise<{ person: Person | 'unknown' | 'ambiguous'; from: Found['server'] }>
  /** The one of that objectGUID. */
  byGuid(guid: string): Promise<Person | 'unknown' | 'ambiguous'>
}

/** The people of one domain. Every value that was typed travels as a value, never as part of a filter's text. */
export function domainPeople(searcher: Searcher, { names, username, naming, userFilter }: Config): People {
  const attributes: LdapAttributes = {
    uid: 'objectGUID',
    username: ACCOUNT,
    displayName: 'displayName',
    mail: 'mail',
    phone: 'telephoneNumber',
  }
  const asked = wanted(attributes)
  const all = {
    attributes: [...asked.attributes, UPN, ...STATE, HOURS],
    explicitBufferAttributes: [...asked.explicitBufferAttributes, HOURS],
  }

  function read(entry: Entry): Person | undefined {
    const [upn, account] = [UPN, ACCOUNT].map((attribute) => text(entry, attribute))
    const hit = readHit(entry, { ...attributes, username: account === undefined ? UPN : ACCOUNT })
    const called = naming.called(username === 'upn' ? upn : undefined, account)
    if (!('person' in hit) || called === undefined) return undefined
    const [control, computed, expires] = STATE.map((attribute) => text(entry, attribute))
    const person = { ...hit.person, uid: naming.idOf(hit.person.uid ?? ''), username: called }
    return { ...hit, person, state: { control, computed, expires, hours: bytes(entry, HOURS) } }
  }

  /**
   * A ticket names an account and puts the realm behind it, which looks like a principal name. Whose account it is may be
   * somebody who is not to be found here.
   */
  async function isAnothersAccount(name: TypedName, entry: Entry): Promise<boolean> {
    const isOurs = name.of === undefined || isOf(name, names)
    if (!isOurs || text(entry, ACCOUNT)?.toLowerCase() === name.account.toLowerCase()) return false
    const { entries } = await searcher.find(equal(ACCOUNT, name.account), NOTHING, { base: baseOf(names.domain) })
    return entries.some(({ dn }) => dn !== entry.dn)
  }

  return {
    async find(name, given = 'typed') {
      const { entries, server: from } = await searcher.find(filterFor(name, names, userFilter), all, {
        most: BY_EITHER_NAME,
      })
      const [entry, another] = given === 'typed' ? preferred(entries, name) : entries
      if (!entry) return { person: 'unknown', from }
      if (another || (given === 'proven' && (await isAnothersAccount(name, entry))))
        return { person: 'ambiguous', from }
      return { person: read(entry) ?? 'unknown', from }
    },

    async byGuid(guid) {
      const filter = new AndFilter({ filters: [...isPerson(userFilter), hasGuid(guid)] })
      const { entries } = await searcher.find(filter, all)
      const [entry, another] = entries
      if (another) return 'ambiguous'
      return (entry && read(entry)) ?? 'unknown'
    },
  }
}

/** As AD resolves a name in a bind: the principal name, the account name, the account name with the domain behind it. */
export function isCalled(name: TypedName, names: DomainNames): Filter {
  const own = name.of === undefined || isOf(name, names)
  // Of a domain that is none of ours it is nobody's, and looked for all the same, so that time does not tell.
  const byUpn = name.upn ?? (own ? `${name.account}@${names.domain}` : `${name.of}\\${name.account}`)
  return new OrFilter({ filters: [equal(UPN, byUpn), ...(own ? [equal(ACCOUNT, name.account)] : [])] })
}

function filterFor(name: TypedName, names: DomainNames, userFilter: Filter | undefined): Filter {
  return new AndFilter({ filters: [...isPerson(userFilter), isCalled(name, names)] })
}

function isPerson(userFilter: Filter | undefined): Filter[] {
  return [equal('objectCategory', 'person'), equal('objectClass', 'user'), ...(userFilter ? [userFilter] : [])]
}

/** One person's principal name may be what another's account name gives: a name with an @ is first the former. */
export function preferred(entries: readonly Entry[], { account, upn }: TypedName): readonly Entry[] {
  const [attribute, value] = upn === undefined ? [ACCOUNT, account] : [UPN, upn]
  const same = entries.filter((entry) => text(entry, attribute)?.toLowerCase() === value.toLowerCase())
  return same.length === 1 ? same : entries
}

function equal(attribute: string, value: string | Buffer): Filter {
  return new EqualityFilter({ attribute, value })
}

/** A value that is no text. */
function bytes(entry: Entry, attribute: string): Buffer | undefined {
  const [value] = [entry[attribute] ?? []].flat()
  return Buffer.isBuffer(value) ? value : undefined
}

export function barOfPerson(person: Person | 'unknown' | 'ambiguous', now: Date): Bar | undefined {
  return typeof person === 'string' ? person : barOf(person.state, now)
}
