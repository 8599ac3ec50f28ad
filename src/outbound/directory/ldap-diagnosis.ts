import type { Socket } from 'node:net'
import { AndFilter, type Client, type Entry, type Filter, NoSuchObjectError, PresenceFilter } from 'ldapts'
import { type CheckedLdap, checkedLdap, type LdapConfig, type LdapServer } from './ldap-config.ts'
import { connectionOver, reach, reason, secure } from './ldap-connection.ts'
import { readHit, wanted } from './ldap-entry.ts'
import { bindAsOurselves, nameOf } from './ldap-servers.ts'

export type Finding = { step: string; ok: boolean; detail?: string | undefined }

const sampleSize = 10

/**
 * Goes to every server as a sign-in would and says how far it came: `configuration`, then for each server `connect`,
 * `tls`, `bind`, `base`, `people`. A server's steps end at its first that fails. Never throws.
 */
export async function testLdap(config: LdapConfig): Promise<Finding[]> {
  try {
    const checked = checkedLdap(config)
    const findings: Finding[] = [{ step: 'configuration', ok: true }]
    for (const server of checked.servers) findings.push(...(await testServer(server, checked)))
    return findings
  } catch (error) {
    return [{ step: 'configuration', ok: false, detail: reason(error) }]
  }
}

/** One server, as far as a sign-in would go. */
export async function testServer(server: LdapServer, config: CheckedLdap): Promise<Finding[]> {
  const findings: Finding[] = []
  const step = async <T>(name: string, run: () => Promise<T>, say?: (made: T) => string): Promise<T> => {
    try {
      const made = await run()
      findings.push({ step: name, ok: true, detail: say?.(made) })
      return made
    } catch (error) {
      findings.push({ step: name, ok: false, detail: reason(error) })
      throw error
    }
  }

  const deadline = AbortSignal.timeout(config.timeoutMs)
  let client: Client | undefined
  let open: Socket | undefined
  try {
    const socket = await step(
      'connect',
      () => reach(server, deadline),
      () => server.url,
    )
    open = socket
    const safe = await step(
      'tls',
      async () => (server.security === 'loopback' ? socket : secure(socket, server, config, deadline)),
      () => server.security,
    )
    const session = connectionOver(safe, server, config.timeoutMs).client
    client = session
    await step(
      'bind',
      () => bindAsOurselves(session, server, config.account),
      () => nameOf(config.account),
    )
    await step(
      'base',
      () => lookAtBase(session, config),
      () => config.baseDn,
    )
    await step(
      'people',
      () => sample(session, config),
      (count) => (count < sampleSize ? `${count}` : `${count} or more`),
    )
  } catch {
    // Each failure is already a finding.
  } finally {
    await client?.unbind().catch(() => {})
    open?.destroy()
  }
  return findings
}

async function lookAtBase(client: Client, { baseDn }: CheckedLdap): Promise<void> {
  try {
    await client.search(baseDn, { scope: 'base', attributes: ['1.1'] })
  } catch (cause) {
    if (!(cause instanceof NoSuchObjectError)) throw cause
    throw new Error(`there is no ${baseDn}, or ours may not see it`, { cause })
  }
}

/** Counts entries that could sign in. */
async function sample(client: Client, config: CheckedLdap): Promise<number> {
  const { searchEntries } = await client.search(config.baseDn, {
    scope: 'sub',
    filter: anybody(config),
    sizeLimit: sampleSize,
    ...wanted(config.attributes),
  })
  if (searchEntries.length === 0) throw new Error(`no entry has ${config.attributes.username} and fits the user filter`)
  for (const entry of searchEntries) checkEntry(entry, config)
  return searchEntries.length
}

function checkEntry(entry: Entry, { attributes }: CheckedLdap): void {
  const hit = readHit(entry, attributes)
  if ('person' in hit) return
  const lacking = hit.missing === 'dn' ? 'dn' : attributes[hit.missing]
  throw new Error(`${entry.dn} has no usable ${lacking}`)
}

function anybody({ attributes, userFilter }: CheckedLdap): Filter {
  const named = new PresenceFilter({ attribute: attributes.username })
  return userFilter ? new AndFilter({ filters: [userFilter, named] }) : named
}
