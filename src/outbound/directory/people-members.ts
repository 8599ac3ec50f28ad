import { type Entry, NoSuchObjectError, OrFilter, PresenceFilter } from 'ldapts'
import { missing } from './ldap-connection.ts'
import { PRIMARY_GROUP } from './ldap-entry.ts'
import { inPages, type PageQuestion } from './ldap-pages.ts'
import type { Wanted } from './ldap-searcher.ts'
import type { Session } from './ldap-session.ts'

/** Whom a group has, by DN or, in a posixGroup, by name, or because it is their primary group. */
export type Members = { has(person: Entry, username: string | undefined): boolean }

type Limits = Pick<PageQuestion, 'pageSize' | 'most'>

const BY_DN = ['member', 'uniqueMember']
const BY_NAME = 'memberUid'

/**
 * The members of a group of any LDAP directory, and of the groups in it (RFC 4519 sections 2.17 and 2.40, RFC 2307). All
 * groups of the tree are read at once: which member is itself a group cannot be told from its DN. A loop of groups ends
 * where it began. Throws when the group is not there: nobody would be left in it.
 */
export async function membersOf(session: Session, root: string, group: string, limits: Limits): Promise<Members> {
  const groups = new Map<string, Entry>()
  const filter = new OrFilter({ filters: [...BY_DN, BY_NAME].map((attribute) => new PresenceFilter({ attribute })) })
  const wanted = { attributes: [...BY_DN, BY_NAME, PRIMARY_GROUP], explicitBufferAttributes: [] }
  for await (const page of inPages(session, { ...limits, base: root, filter, wanted, mayRefer: false }))
    for (const entry of page) groups.set(plainDn(entry.dn), entry)
  // It may be outside of that, or list nobody: whose primary group it is says so themselves.
  const top = groups.get(plainDn(group)) ?? (await groupAt(session, group, wanted))
  if (!top) throw missing(session.server, `group ${group} with members`)
  groups.set(plainDn(group), top)

  const dns = new Set([plainDn(group)])
  const names = new Set<string>()
  const numbers = new Set<string>()
  // A set goes on with what is added while it is walked.
  for (const dn of dns) {
    const entry = groups.get(dn)
    if (!entry) continue
    for (const member of BY_DN.flatMap((attribute) => valuesOf(entry, attribute))) dns.add(plainDn(member))
    for (const name of valuesOf(entry, BY_NAME)) names.add(name.toLowerCase())
    for (const number of valuesOf(entry, PRIMARY_GROUP)) numbers.add(number)
  }
  return {
    has: (person, username) =>
      dns.has(plainDn(person.dn)) ||
      (username !== undefined && names.has(username.toLowerCase())) ||
      valuesOf(person, PRIMARY_GROUP).some((number) => numbers.has(number)),
  }
}

/** One that lists somebody, or has a number by which they name it. */
async function groupAt({ client }: Session, dn: string, wanted: Wanted): Promise<Entry | undefined> {
  const anything = new PresenceFilter({ attribute: 'objectClass' })
  const look = client.search(dn, { scope: 'base', filter: anything, ...wanted })
  const { searchEntries } = await look.catch((error: unknown) => {
    if (error instanceof NoSuchObjectError) return { searchEntries: [] }
    throw error
  })
  return searchEntries.find((entry) => wanted.attributes.some((attribute) => valuesOf(entry, attribute).length > 0))
}

/** Servers spell one DN in several ways: in the case of letters, and with spaces (RFC 4514 section 2.4, RFC 4518). */
function plainDn(dn: string): string {
  return dn.toLowerCase().replace(/\s*([,=+])\s*/g, '$1')
}

function valuesOf(entry: Entry, attribute: string): string[] {
  // Active Directory gives a long list in parts, under other names (MS-ADTS section 3.1.1.3.1.3.3): one of them is not all.
  if (Object.keys(entry).some((key) => key.toLowerCase().startsWith(`${attribute.toLowerCase()};range=`)))
    throw new Error(`${entry.dn} has more members than the server gives at once; directory.kind windows reads them`)
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase())
  return name === undefined ? [] : [entry[name] ?? []].flat().map(String)
}
