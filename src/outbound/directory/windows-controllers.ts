import type { Clock, Random } from '../../core/ports.ts'
import { addressOf, serviceHosts } from './dns-services.ts'
import type { LdapServer } from './ldap-config.ts'
import type { DomainConfig, WindowsConfig } from './windows-config.ts'

type Needs = { clock: Clock; random: Random }

/** Asked anew after so long, beside the sign-ins: controllers come and go, and nobody waits for the news of it. */
const KNOWN_MS = 60_000
const PORTS = { ldaps: 636, startTls: 389 }

/**
 * The controllers of a domain: those listed, else those that DNS names (MS-ADTS section 6.3.2.3). What is known stays until
 * something newer is, and only who comes before anything is known waits: the DNS server may be down while a controller lives.
 */
export function controllersOf(
  { domain, controllers }: DomainConfig,
  { dns, security, timeoutMs }: Pick<WindowsConfig, 'dns' | 'security' | 'timeoutMs'>,
  { clock, random }: Needs,
): () => Promise<readonly LdapServer[]> {
  const asking = { servers: dns, timeoutMs, random }
  const addresses = new Map<string, string>()
  let known: { servers: readonly LdapServer[]; until: number } | undefined
  let finding: Promise<readonly LdapServer[]> | undefined

  async function find(): Promise<readonly LdapServer[]> {
    const names = controllers.length > 0 ? controllers : await named()
    const found = await Promise.all(names.map(place))
    const servers = found.length > 0 ? found : (known?.servers ?? [])
    if (servers.length > 0) known = { servers, until: clock.now().getTime() + KNOWN_MS }
    return servers
  }

  /** A name outside the domain is not believed: whoever forges the answer can have a good certificate for a name of their own. */
  async function named(): Promise<string[]> {
    const hosts = await serviceHosts(`_ldap._tcp.dc._msdcs.${domain}`, asking)
    return hosts.map(({ name }) => name.toLowerCase()).filter((name) => name.endsWith(`.${domain.toLowerCase()}`))
  }

  async function place(name: string): Promise<LdapServer> {
    const host = hostOf(name)
    const address = await addressOf(host, asking)
    if (address !== undefined) addresses.set(host, address)
    return serverAt(name, security, addresses.get(host))
  }

  function findOnce(): Promise<readonly LdapServer[]> {
    finding ??= find().finally(() => {
      finding = undefined
    })
    return finding
  }

  return async () => {
    if (!known) return findOnce()
    if (known.until <= clock.now().getTime()) void findOnce()
    return known.servers
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
