import { AndFilter, EqualityFilter, type Filter } from 'ldapts'
import type { Searcher } from './ldap-searcher.ts'
import { baseOf } from './windows-config.ts'
import { isGroup, isGroupDn, isIn, sidsWanted } from './windows-groups.ts'
import type { DomainNames } from './windows-names.ts'

/** One domain, and how it is searched. */
export type Searched = { search: Searcher; names: DomainNames }

export const NOTHING = { attributes: ['1.1'], explicitBufferAttributes: [] }

/** As the operator named it: by DN, or by account name. Undefined: there is none of that name. */
export async function dnOfGroup({ search, names }: Searched, group: string): Promise<string | undefined> {
  if (isGroupDn(group)) return group
  const filter = new AndFilter({
    filters: [isGroup, new EqualityFilter({ attribute: 'sAMAccountName', value: group })],
  })
  // Groups are seldom where people are, and `base_dn` is about people.
  const { entries } = await search.find(filter, NOTHING, { base: baseOf(names.domain) })
  return entries.length === 1 ? entries[0]?.dn : undefined
}

/** Whether somebody of the domain is in a group of it, by objectGUID and DN. */
export async function isMember({ search, names }: Searched, guid: string, group: string): Promise<boolean> {
  const self = hasGuid(guid)
  const { entries: found } = await search.find(self, sidsWanted)
  const [entry, another] = found
  if (!entry || another) return false
  // Of the person or of the primary group, which is seldom where people are.
  const { entries } = await search.find(isIn(group, self, entry), NOTHING, { base: baseOf(names.domain) })
  return entries.length > 0
}

export function hasGuid(guid: string): Filter {
  return new EqualityFilter({ attribute: 'objectGUID', value: Buffer.from(guid, 'hex') })
}
