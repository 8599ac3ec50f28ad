import type { Log } from '../../core/ports.ts'

/** Every domain refers to them: they hold the forest's configuration and DNS records (MS-ADTS section 3.1.1.1.5). */
const WITHOUT_PEOPLE = /^(?:CN=Schema,)?CN=Configuration,|^DC=(?:Domain|Forest)DnsZones,/i
const LONGEST = 500

/** Tells once of each part of the tree that another server has: a child domain, whose people are not read here. */
export function referralTeller(log: Log, server: string): (url: string) => void {
  const told = new Set<string>()
  return (url) => {
    const part = partOf(url)
    if (WITHOUT_PEOPLE.test(part) || told.has(part.toLowerCase())) return
    told.add(part.toLowerCase())
    log.warn('a part of the directory is on another server, and people there are not read', { server, part })
  }
}

/** The DN in an LDAP URL (RFC 4516), or the whole of what is none. */
function partOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1)).slice(0, LONGEST) || url.slice(0, LONGEST)
  } catch {
    return url.slice(0, LONGEST)
  }
}
