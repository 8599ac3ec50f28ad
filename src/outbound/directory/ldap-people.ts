import { AndFilter, type Entry, EqualityFilter, type Filter } from 'ldapts'
import type { Bar } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Clock, Log } from '../../core/ports.ts'
import type { CheckedLdap, LdapServer } from './ldap-config.ts'
import { type Hit, isBinaryId, PRIMARY_GROUP, readHit, text, wanted } from './ldap-entry.ts'
import type { Searcher } from './ldap-searcher.ts'
import { barAttributes, barOf, hasEnded } from './ldap-state.ts'

/**
 * `bar`: as far as the entry tells; what counts where a password is proven is what the bind says. `ended`: what no bind
 * tells. `primaryGroup`: its number (RFC 2307).
 */
export type Person = Hit & { bar: Bar | undefined; ended: boolean; primaryGroup?: string | undefined }

/** An entry that lacks what tells people apart. It is an outage to whoever has its password, and to nobody else. */
export type Unusable = { dn: string; outage: AppError }

export type FoundPerson = { person: Person | Unusable | 'unknown' | 'ambiguous'; from: LdapServer }

export type People = {
  named(username: string): Promise<FoundPerson>
  byUid(uid: string): Promise<FoundPerson>
}

type Needs = { log: Log; clock: Clock }

/** The people of an LDAP directory. What was typed travels as a value and is never part of a filter's text (RFC 4515). */
export function ldapPeople(searcher: Searcher, config: CheckedLdap, { log, clock }: Needs): People {
  const { attributes, userFilter } = config
  const usual = wanted(attributes)
  const asked = { ...usual, attributes: [...usual.attributes, ...barAttributes, PRIMARY_GROUP] }

  async function find(attribute: string, value: string | Buffer): Promise<FoundPerson> {
    const one = new EqualityFilter({ attribute, value })
    const filter: Filter = userFilter ? new AndFilter({ filters: [userFilter, one] }) : one
    const { entries, server: from } = await searcher.find(filter, asked)
    const [entry, another] = entries
    if (!entry) return { person: 'unknown', from }
    return { person: another ? 'ambiguous' : read(entry, from), from }
  }

  function read(entry: Entry, { url }: LdapServer): Person | Unusable | 'unknown' {
    const hit = readHit(entry, attributes)
    if ('person' in hit) {
      const now = clock.now()
      const state = { bar: barOf(entry, now), ended: hasEnded(entry, now) }
      return { ...hit, ...state, primaryGroup: text(entry, PRIMARY_GROUP) }
    }
    const attribute = hit.missing === 'dn' ? 'dn' : attributes[hit.missing]
    log.error('a directory entry cannot be used', { server: url, lacks: attribute })
    const outage = new AppError('directory.unreachable', { detail: `${url}: an entry has no usable ${attribute}` })
    return hit.missing === 'dn' ? 'unknown' : { dn: entry.dn, outage }
  }

  return {
    named: (username) => find(attributes.username, username),
    byUid: (uid) => find(attributes.uid, isBinaryId(attributes.uid) ? Buffer.from(uid, 'hex') : uid),
  }
}

/** Where there is no password to prove, an entry that cannot be used is an outage at once. */
export function usable(person: FoundPerson['person']): Person | undefined {
  if (typeof person === 'string') return undefined
  if ('outage' in person) throw person.outage
  return person
}
