import { AndFilter, type Entry, EqualityFilter, type Filter, FilterParser, OrFilter } from 'ldapts'
import { readForestTrust } from '../../protocols/ldap/forest-trust.ts'
import { text } from './ldap-entry.ts'
import { baseOf } from './windows-config.ts'
import { contains, isGroup, primarySidOf, sidOf, sidsWanted } from './windows-groups.ts'
import { hasGuid, NOTHING, type Searched } from './windows-membership.ts'

/** Of one person, one group or one domain. What is beyond is not looked at, and opens nothing. */
const MOST = 500
const AT_ONCE = 50
/** Of a trust (MS-ADTS section 6.1.6.7). */
const [PARTNER, SID, FOREST] = ['trustPartner', 'securityIdentifier', 'msDS-TrustForestTrustInfo']
/** A domain's SID has three parts after its authority; the last of its people's and groups' is a fourth (MS-DTYP section 2.4.2). */
const DOMAIN_SID = 24
/** To the outside: that our domain believes the other's controllers. */
const isTrust: Filter = FilterParser.parseString(
  '(&(objectClass=trustedDomain)(trustDirection:1.2.840.113556.1.4.803:=2))',
)
/** Groups that count beyond their domain: those that are about rights, and not of that domain alone (MS-ADTS section 2.2.12). */
const crosses: Filter = FilterParser.parseString(
  '(&(groupType:1.2.840.113556.1.4.804:=-2147483648)(!(groupType:1.2.840.113556.1.4.804:=4)))',
)

/**
 * Whether somebody of a trusted domain is in a group of ours. Groups of ours do not list them, but a
 * foreignSecurityPrincipal of ours that has their SID, or that of a group in which they are there.
 */
export async function isForeignMember(own: Searched, theirs: Searched, guid: string, group: string): Promise<boolean> {
  const domain = await sidOfDomain(own, theirs)
  if (!domain) return false
  const sids = await sidsOf(theirs, guid)
  // As the controllers do at a trust (MS-PAC section 4.1.2.2): a domain speaks for SIDs of its own and for no others.
  const credible = sids.filter((sid) => sid.length === domain.length + 4 && isWithin(sid, domain))
  const principals = await principalsOf(own, credible)
  for (const some of inParts(principals)) {
    const is = new EqualityFilter({ attribute: 'distinguishedName', value: group })
    const filter = new AndFilter({ filters: [isGroup, is, new OrFilter({ filters: some.map(contains) })] })
    const { entries } = await own.search.find(filter, NOTHING, { base: baseOf(own.names.domain) })
    if (entries.length > 0) return true
  }
  return false
}

/** Of the person, of the primary group, and of every group above. */
async function sidsOf({ search, names }: Searched, guid: string): Promise<Buffer[]> {
  const base = baseOf(names.domain)
  const { entries } = await search.find(hasGuid(guid), sidsWanted, { base })
  const [entry, another] = entries
  if (!entry || another) return []
  const primary = primarySidOf(entry)
  const main = primary ? (await search.find(hasSid(primary), NOTHING, { base })).entries : []
  const above = new OrFilter({ filters: [entry, ...main].map(({ dn }) => contains(dn)) })
  const filter = new AndFilter({ filters: [isGroup, crosses, above] })
  const groups = await search.find(filter, sidsWanted, { base, most: MOST })
  return [sidOf(entry), primary, ...groups.entries.map(sidOf)].filter((sid) => sid !== undefined)
}

/** As our own domain has written it down, for a domain that it trusts itself or by its forest. What a domain says of itself proves nothing. */
async function sidOfDomain(own: Searched, { names: { domain } }: Searched): Promise<Buffer | undefined> {
  const wanted = { attributes: [PARTNER, SID, FOREST], explicitBufferAttributes: [SID, FOREST] }
  const base = `CN=System,${baseOf(own.names.domain)}`
  const { entries } = await own.search.find(isTrust, wanted, { base, most: MOST })
  const known = entries.flatMap((trust) => [
    { domain: text(trust, PARTNER) ?? '', sid: bytesOf(trust[SID]) },
    ...readForestTrust(bytesOf(trust[FOREST])),
  ])
  const sid = known.find((each) => each.domain.toLowerCase() === domain.toLowerCase())?.sid
  return sid?.length === DOMAIN_SID ? sid : undefined
}

function bytesOf(value: Entry[string] | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

/** The number of parts, in the second byte, is the one thing in which they differ before the last part. */
function isWithin(sid: Buffer, domain: Buffer): boolean {
  return sid[0] === domain[0] && sid.subarray(2, domain.length).equals(domain.subarray(2))
}

/** Their DNs in our domain. */
async function principalsOf({ search, names }: Searched, sids: readonly Buffer[]): Promise<string[]> {
  const is = new EqualityFilter({ attribute: 'objectClass', value: 'foreignSecurityPrincipal' })
  const found: string[] = []
  for (const some of inParts(sids)) {
    const filter = new AndFilter({ filters: [is, new OrFilter({ filters: some.map(hasSid) })] })
    const { entries } = await search.find(filter, NOTHING, { base: baseOf(names.domain), most: AT_ONCE })
    found.push(...entries.map(({ dn }) => dn))
  }
  return found
}

function hasSid(value: Buffer): Filter {
  return new EqualityFilter({ attribute: 'objectSid', value })
}

function inParts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE))
}
