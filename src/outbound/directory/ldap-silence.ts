import { setTimeout as after } from 'node:timers/promises'
import { PresenceFilter, ResultCodeError } from 'ldapts'
import type { LdapServer } from './ldap-config.ts'
import { connect, type TlsTrust } from './ldap-connection.ts'
import { cannotAnswer, type ServerRow } from './ldap-servers.ts'

/** What the work gives, or `silent` as soon as its server is found to answer nothing any more. */
export type Listening = <T>(server: LdapServer, work: Promise<T>) => Promise<T | 'silent'>

/**
 * Tells a server that takes its time from one that hangs, or is behind a cable that somebody pulled: the first one answers
 * a stranger's question at once, and is waited for; the other does not, and the next one can be asked. Where no other is
 * known to be well nobody is told to give up.
 */
export function listening(trust: TlsTrust & { row: ServerRow }): Listening {
  const asking = new Map<string, Promise<boolean>>()
  const { silent, alive } = trust.row.patience

  /** One question for all who wait for that server, and for a moment one answer: a busy one is not asked by each of them. */
  function isAlive(server: LdapServer): Promise<boolean> {
    const known = asking.get(server.url)
    if (known) return known
    const asked = answers(server, trust, alive)
    asking.set(server.url, asked)
    void asked.finally(() => setTimeout(() => asking.delete(server.url), silent).unref())
    return asked
  }

  async function silence(server: LdapServer, { signal }: AbortController): Promise<'silent'> {
    do await after(silent, undefined, { signal })
    while (await isAlive(server))
    return 'silent'
  }

  return async (server, work) => {
    if (!(await trust.row.hasAnother(server))) return work
    const over = new AbortController()
    try {
      return await Promise.race([work, silence(server, over)])
    } finally {
      over.abort()
    }
  }
}

/** The root DSE is for everybody (RFC 4512 section 5.1), and to be refused it is an answer too. */
async function answers(server: LdapServer, trust: TlsTrust, alive: number): Promise<boolean> {
  const late = new AbortController()
  try {
    return await Promise.race([rootIsRead(server, trust, alive), after(alive, false, { signal: late.signal })])
  } catch {
    return false
  } finally {
    late.abort()
  }
}

async function rootIsRead(server: LdapServer, trust: TlsTrust, alive: number): Promise<boolean> {
  const { client } = await connect(server, { ...trust, connectMs: alive, timeoutMs: alive })
  try {
    await client.search('', {
      scope: 'base',
      filter: new PresenceFilter({ attribute: 'objectClass' }),
      attributes: ['1.1'],
    })
    return true
  } catch (error) {
    return error instanceof ResultCodeError && !cannotAnswer(error)
  } finally {
    client.unbind().catch(() => {})
  }
}
