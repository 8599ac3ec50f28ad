import { AndFilter, type Entry, EqualityFilter } from 'ldapts'
import type { Clock, Random } from '../../core/ports.ts'
import type { Finding } from './finding.ts'
import { membersWanted, type NamedGroup, testGroups, unheard } from './group-diagnosis.ts'
import type { CheckedLdap } from './ldap-config.ts'
import { reason } from './ldap-connection.ts'
import { isReached, testServer } from './ldap-diagnosis.ts'
import { text } from './ldap-entry.ts'
import type { Named } from './ldap-probe.ts'
import { searcher } from './ldap-searcher.ts'
import { serverRow } from './ldap-servers.ts'
import { windowsDirectory } from './windows.ts'
import { askingIn, baseOf, type TrustedDomain, type WindowsConfig } from './windows-config.ts'
import { controllersOf } from './windows-controllers.ts'
import { isGroup, isGroupDn } from './windows-groups.ts'
import { domainOf, readName } from './windows-names.ts'
import { namingIn } from './windows-naming.ts'
import { isCalled, preferred } from './windows-people.ts'

type Needs = { clock: Clock; random: Random; user?: string | undefined; groups?: readonly NamedGroup[] }

/**
 * Finds every controller of every domain and goes to each as a sign-in would: `controllers` of a domain, then for each of
 * them `connect`, `tls`, `bind`, `base`, `people`; at last the groups, where one was reached. Never throws.
 */
export async function testWindows(config: WindowsConfig, needs: Needs): Promise<Finding[]> {
  const findings: Finding[] = []
  const { user } = needs
  // Looked for where a sign-in would look, and nowhere else: another domain knows nothing of that name.
  const theirs = user === undefined ? undefined : domainOf(readName(user), config)
  for (const domain of [config, ...config.trusted])
    findings.push(...(await testDomain(domain, config, { ...needs, user: domain === theirs ? user : undefined })))
  if (isReached(findings)) findings.push(...(await testWindowsGroups(config, needs)))
  return findings
}

/** Groups are those of our own domain. */
async function testWindowsGroups(
  config: WindowsConfig,
  { clock, random, user, groups = [] }: Needs,
): Promise<Finding[]> {
  const directory = windowsDirectory(config, { clock, random, log: unheard })
  const row = serverRow(controllersOf(config, config, { clock, random }), clock)
  const base = baseOf(config.domain)
  const search = searcher({ ...asLdap(config, config), baseDn: base, row }, unheard)
  const look = async (group: string) => {
    const isNamed = new EqualityFilter({ attribute: 'sAMAccountName', value: group })
    const [filter, place] = isGroupDn(group)
      ? [isGroup, { base: group, scope: 'base' } as const]
      : [new AndFilter({ filters: [isGroup, isNamed] }), { base }]
    return (await search.find(filter, membersWanted, place)).entries
  }
  try {
    return await testGroups({ groups, user, directory, look })
  } finally {
    await Promise.all([directory.close(), search.close()])
  }
}

async function testDomain(
  domain: WindowsConfig | TrustedDomain,
  config: WindowsConfig,
  needs: Needs,
): Promise<Finding[]> {
  try {
    const servers = await controllersOf(domain, config, needs)()
    if (servers.length === 0) {
      const detail = `DNS names none for ${domain.domain}; list them in directory.windows.controllers, or name the DNS servers in directory.windows.dns`
      return [{ step: 'controllers', ok: false, detail }]
    }
    const checked = asLdap(domain, config)
    const asked = {
      clock: needs.clock,
      user: needs.user === undefined ? undefined : namedIn(domain, config, needs.user),
    }
    const found = { step: 'controllers', ok: true, detail: servers.map(({ host }) => host).join(', ') }
    const tested = await Promise.all(servers.map((server) => testServer(server, { ...checked, servers }, asked)))
    return [found, ...tested.flat()]
  } catch (error) {
    return [{ step: 'controllers', ok: false, detail: reason(error) }]
  }
}

/** By each form of a name, as at a sign-in. */
function namedIn(domain: WindowsConfig | TrustedDomain, config: WindowsConfig, user: string): Named {
  const name = readName(user)
  const naming = namingIn(domain, config)
  const by = (entry: Entry) => {
    const principal = config.username === 'upn' ? text(entry, 'userPrincipalName') : undefined
    return naming.called(principal, text(entry, 'sAMAccountName'))
  }
  return {
    filter: isCalled(name, domain),
    preferred: (entries) => preferred(entries, name),
    called: { attributes: ['userPrincipalName'], by },
  }
}

function asLdap(domain: WindowsConfig | TrustedDomain, config: WindowsConfig): Omit<CheckedLdap, 'servers'> {
  const people = [new EqualityFilter({ attribute: 'objectCategory', value: 'person' })]
  const { userFilter, ...asking } = askingIn(domain, config)
  return {
    ...{ ca: config.ca, timeoutMs: config.timeoutMs, ...asking },
    userFilter: new AndFilter({ filters: [...people, ...(userFilter ? [userFilter] : [])] }),
    attributes: {
      uid: 'objectGUID',
      username: 'sAMAccountName',
      displayName: 'displayName',
      mail: 'mail',
      phone: 'telephoneNumber',
    },
  }
}
