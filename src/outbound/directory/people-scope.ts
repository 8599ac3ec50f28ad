import {
  AndFilter,
  type Entry,
  EqualityFilter,
  type Filter,
  FilterParser,
  InvalidDNSyntaxError,
  NoSuchObjectError,
  OrFilter,
  PresenceFilter,
} from 'ldapts'
import type { Scope } from '../../core/sync/source.ts'
import { missing } from './ldap-connection.ts'
import { inPages, type PageQuestion } from './ldap-pages.ts'
import type { Wanted } from './ldap-searcher.ts'
import type { Session } from './ldap-session.ts'
import { type Members, membersOf } from './people-members.ts'
import type { Place } from './people-place.ts'
import { havePrimary, isGroup, isListedIn, sidsWanted } from './windows-groups.ts'

type Limits = Pick<PageQuestion, 'pageSize' | 'most'>

/** What is in the scope: a filter where the directory can judge it, and a look at each where it cannot. */
export type Within = { filter: Filter; members: Members | undefined }

export async function within(
  session: Session,
  place: Place,
  person: Filter,
  { group, filter, ...limits }: Scope & Limits,
): Promise<Within> {
  const all = [person, ...place.userFilters, ...(filter === undefined ? [] : [FilterParser.parseString(filter)])]
  const and = (more: Filter[]) => new AndFilter({ filters: [...all, ...more] })
  if (group === undefined) return { filter: and([]), members: undefined }
  if (place.kind === 'windows')
    return { filter: and([await inWindowsGroup(session, place, group, limits)]), members: undefined }
  return { filter: and([]), members: await membersOf(session, place.groupRoot, group, limits) }
}

/** Throws when the group is not there: a filter that names it would find nobody, and everybody would be gone. */
async function inWindowsGroup(session: Session, place: Place, group: string, limits: Limits): Promise<Filter> {
  const groups = [await groupAt(session, group)]
  const filter = new AndFilter({ filters: [isGroup, isListedIn(group)] })
  const { mayRefer } = place.dialect
  for await (const page of inPages(session, { ...limits, base: place.root, filter, wanted: sidsWanted, mayRefer }))
    groups.push(...page)
  return new OrFilter({ filters: [isListedIn(group), ...havePrimary(groups)] })
}

async function groupAt(session: Session, group: string): Promise<Entry> {
  const entry = await entryAt(session, group, new EqualityFilter({ attribute: 'objectClass', value: 'group' }))
  if (!entry) throw missing(session.server, `group ${group}`)
  return entry
}

/** Whether there is anything of that name, in which people may be. */
export async function isThere(session: Session, base: string): Promise<boolean> {
  return (await entryAt(session, base, new PresenceFilter({ attribute: 'objectClass' }))) !== undefined
}

export async function entryAt(
  { client }: Session,
  dn: string,
  filter: Filter,
  wanted: Wanted = sidsWanted,
): Promise<Entry | undefined> {
  try {
    const { searchEntries } = await client.search(dn, { scope: 'base', filter, ...wanted })
    return searchEntries[0]
  } catch (error) {
    if (error instanceof NoSuchObjectError || error instanceof InvalidDNSyntaxError) return undefined
    throw error
  }
}
