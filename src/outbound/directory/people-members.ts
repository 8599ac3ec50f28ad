import { type Entry, OrFilter, PresenceFilter } from 'ldapts'
import { missing } from './ldap-connection.ts'
import { inPages, type PageQuestion } from './ldap-pages.ts'
import type { Session } from './ldap-session.ts'

/** Whom a group has, by DN or, in a posixGroup, by name. */
export type Members = { has(dn: string, username: string | undefined): boolean }

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
  const wanted = { attributes: [...BY_DN, BY_NAME], explicitBufferAttributes: [] }
  for await (const page of inPages(session, { ...limits, base: root, filter, wanted, mayRefer: false }))
    for (const entry of page) groups.set(plainDn(entry.dn), entry)
  if (!groups.has(plainDn(group))) throw missing(session.server, `group ${group} with members`)

  const dns = new Set([plainDn(group)])
  const names = new Set<string>()
  // A set goes on with what is added while it is walked.
  for (const dn of dns) {
    const entry = groups.get(dn)
    if (!entry) continue
    for (const member of BY_DN.flatMap((attribute) => valuesOf(entry, attribute))) dns.add(plainDn(member))
    for (const name of valuesOf(entry, BY_NAME)) names.add(name.toLowerCase())
  }
  return {
    has: (dn, username) => dns.has(plainDn(dn)) || (username !== undefined && names.has(username.toLowerCase())),
  }
}

/** Servers spell one DN in several ways: in the case of letters, and with spaces (RFC 4514 section 2.4, RFC 4518). */
function plainDn(dn: string): string {
  return dn.toLowerCase().replace(/\s*([,=+])\s*/g, '$1')
}

function valuesOf(entry: Entry, attribute: string): string[] {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase())
  return name === undefined ? [] : [entry[name] ?? []].flat().map(String)
}
