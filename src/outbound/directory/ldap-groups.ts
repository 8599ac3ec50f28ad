import { AndFilter, type Entry, EqualityFilter, type Filter, NotFilter, OrFilter, PresenceFilter } from 'ldapts'
import { PRIMARY_GROUP } from './ldap-entry.ts'
import type { Person } from './ldap-people.ts'
import type { Searcher, Wanted } from './ldap-searcher.ts'

/** Groups in groups in groups; deeper ones are somebody's mistake. */
const DEEPEST = 8
/** Of one step upwards. A person of more groups than that is in those that came. */
const MOST = 500
const NOTHING = { attributes: ['1.1'], explicitBufferAttributes: [] }

/**
 * Whether somebody is in a group, or in one that is in it: upwards from the person, by `member`, `uniqueMember`
 * (RFC 4519 sections 2.17 and 2.40), `memberUid` and the primary group (RFC 2307). Each group is looked at once, so a
 * loop ends.
 */
export async function isInGroup(searcher: Searcher, base: string, person: Person, group: string): Promise<boolean> {
  const target = await dnOfGroup(searcher, base, group)
  if (target === undefined) return false

  const seen = new Set<string>()
  let filters = listing(person)
  for (let depth = 0; depth < DEEPEST && filters.length > 0; depth++) {
    const { entries } = await searcher.find(new OrFilter({ filters }), NOTHING, { base, most: MOST })
    const fresh = entries.filter((entry) => !seen.has(entry.dn))
    if (fresh.some((entry) => entry.dn === target)) return true
    for (const entry of fresh) seen.add(entry.dn)
    filters = fresh.slice(0, MOST).flatMap((entry) => memberOf(entry.dn))
  }
  return false
}

/** What the groups have that somebody is in, themselves. */
function listing({ dn, person, primaryGroup }: Person): Filter[] {
  const byName = new EqualityFilter({ attribute: 'memberUid', value: person.username })
  return [...memberOf(dn), byName, ...(primaryGroup === undefined ? [] : [hasNumber(primaryGroup)])]
}

/** A group of that number: people have one too. */
function hasNumber(value: string): Filter {
  const isGroup = new EqualityFilter({ attribute: 'objectClass', value: 'posixGroup' })
  return new AndFilter({ filters: [isGroup, new EqualityFilter({ attribute: PRIMARY_GROUP, value })] })
}

function memberOf(dn: string): Filter[] {
  return ['member', 'uniqueMember'].map((attribute) => new EqualityFilter({ attribute, value: dn }))
}

/** As the server spells it. A name that two groups have is nobody's. */
async function dnOfGroup(searcher: Searcher, base: string, group: string): Promise<string | undefined> {
  const found = await entriesOfGroup(searcher, base, group)
  return found.length === 1 ? found[0]?.dn : undefined
}

/** By its DN, or by its name. */
export async function entriesOfGroup(
  searcher: Searcher,
  base: string,
  group: string,
  wanted: Wanted = NOTHING,
): Promise<readonly Entry[]> {
  if (isDn(group)) return entriesAt(searcher, group, wanted)
  const named = new EqualityFilter({ attribute: 'cn', value: group })
  // People have names too, and some may write their own: the group's would be a name of two, and nobody's.
  const person = new EqualityFilter({ attribute: 'objectClass', value: 'person' })
  const filter = new AndFilter({ filters: [named, new NotFilter({ filter: person })] })
  return (await searcher.find(filter, wanted, { base })).entries
}

/** The operator's own text; a stranger's never comes here. */
function isDn(text: string): boolean {
  return /^[a-z][a-z0-9-]*=.+,.+=/i.test(text)
}

async function entriesAt(searcher: Searcher, dn: string, wanted: Wanted): Promise<readonly Entry[]> {
  const anything: Filter = new PresenceFilter({ attribute: 'objectClass' })
  return (await searcher.find(anything, wanted, { base: dn, scope: 'base' })).entries
}
