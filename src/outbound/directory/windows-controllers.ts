import type { Clock, Random } from '../../core/ports.ts'
import { addressOf, serviceHosts } from './dns-services.ts'
import type { LdapServer } from './ldap-config.ts'
import type { DomainConfig, WindowsConfig } from './windows-config.ts'

type Needs = { clock: Clock; random: Random }

/** DNS is asked anew after so long: controllers come and go. */
const KNOWN_MS = 10 * 60_000
const PORTS = { ldaps: 636, startTls: 389 }

/** The controllers of a domain: those listed, else those that DNS names (MS-ADTS section 6.3.2.3). */
export function controllersOf(
  { domain, controllers }: DomainConfig,
  { dns, security, timeoutMs }: Pick<WindowsConfig, 'dns' | 'security' | 'timeoutMs'>,
  { clock, random }: Needs,
): () => Promise<readonly LdapServer[]> {
  const asking = { servers: dns, timeoutMs, random }
  let known: { servers: readonly LdapServer[]; until: number } | undefined

  async function find(): Promise<readonly LdapServer[]> {
    const names = controllers.length > 0 ? controllers : await named()
    const placed = names.map(async (name) => serverAt(name, security, await addressOf(hostOf(name), asking)))
    return Promise.all(placed)
  }

  async function named(): Promise<string[]> {
    return (await serviceHosts(`_ldap._tcp.dc._msdcs.${domain}`, asking)).map(({ name }) => name)
  }

  return async () => {
    const now = clock.now().getTime()
    if (known && known.until > now) return known.servers
    const servers = await find()
    // Old news are better than none: the DNS server may be down while a controller lives.
    if (servers.length === 0 && known) return known.servers
    if (servers.length > 0) known = { servers, until: now + KNOWN_MS }
    return servers
  }
}

/** The port that DNS names is that of LDAP without TLS, so it is not asked for. A listed one may have its own. */
function serverAt(name: string, security: WindowsConfig['security'], address: string | undefined): LdapServer {
  const host = hostOf(name)
  const port = Number(/:(\d+)$/.exec(name)?.[1] ?? PORTS[security])
  const scheme = security === 'ldaps' ? 'ldaps' : 'ldap'
  return { url: `${scheme}://${host}:${port}`, host, address, port, security }
}

function hostOf(name: string): string {
  return name.replace(/:\d+$/, '')
}
