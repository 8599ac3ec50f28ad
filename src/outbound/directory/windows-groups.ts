import { AndFilter, type Entry, EqualityFilter, ExtensibleFilter, type Filter, OrFilter } from 'ldapts'

/** LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS section 3.1.1.3.4.4.3): groups in groups, however deep, loops or not. */
const IN_CHAIN = '1.2.840.113556.1.4.1941'
/** A packet of revision, count and authority comes before the parts of four bytes (MS-DTYP section 2.4.2.2). */
const SID_HEADER = 8
const PART = 4

export const sidsWanted = { attributes: ['objectSid', 'primaryGroupID'], explicitBufferAttributes: ['objectSid'] }
export const isGroup: Filter = new EqualityFilter({ attribute: 'objectCategory', value: 'group' })

/** Where groups are named by DN or by name: the operator's own text. */
export function isGroupDn(text: string): boolean {
  return /^(cn|ou)=.+,dc=/i.test(text)
}

/** A group that lists it, or lists a group that does. */
export function contains(dn: string): Filter {
  return new ExtensibleFilter({ matchType: 'member', rule: IN_CHAIN, value: dn })
}

/** In a group by its list of members, or by that of a group in it. */
export function isListedIn(group: string): Filter {
  return new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: group })
}

/**
 * Whoever has one of these groups as the primary one, as nearly everybody has Domain Users. Such a group does not list
 * them: they name it, by the last part of its SID.
 */
export function havePrimary(groups: readonly Entry[]): Filter[] {
  return groups
    .map(sidOf)
    .filter((sid) => sid !== undefined)
    .map(
      (sid) => new EqualityFilter({ attribute: 'primaryGroupID', value: String(sid.readUInt32LE(sid.length - PART)) }),
    )
}

/** Somebody, and not by whom they are listed: `self` finds the entry, of which `sidsWanted` are read. */
export function isIn(group: string, self: Filter, entry: Entry): Filter {
  const listed = new AndFilter({ filters: [self, isListedIn(group)] })
  const primary = primaryGroupOf(entry)
  if (!primary) return listed
  const is = new EqualityFilter({ attribute: 'distinguishedName', value: group })
  const isOrIn = new OrFilter({ filters: [is, isListedIn(group)] })
  return new OrFilter({ filters: [listed, new AndFilter({ filters: [primary, isOrIn] })] })
}

function primaryGroupOf(entry: Entry): Filter | undefined {
  const value = primarySidOf(entry)
  return value && new EqualityFilter({ attribute: 'objectSid', value })
}

/** It is of the person's own domain, so that its SID is theirs but for the last part. */
export function primarySidOf(entry: Entry): Buffer | undefined {
  const sid = sidOf(entry)
  const id = Number(entry.primaryGroupID)
  if (!sid || !Number.isInteger(id) || id < 1 || id > 0xffff_ffff) return undefined
  const value = Buffer.from(sid)
  value.writeUInt32LE(id, value.length - PART)
  return value
}

export function sidOf({ objectSid }: Entry): Buffer | undefined {
  if (!Buffer.isBuffer(objectSid)) return undefined
  const parts = objectSid[1] ?? 0
  return parts > 0 && objectSid.length === SID_HEADER + parts * PART ? objectSid : undefined
}
