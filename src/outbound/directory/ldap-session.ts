import type { Log } from '../../core/ports.ts'
import type { LdapServer } from './ldap-config.ts'
import { type Connection, connect, type Trust } from './ldap-connection.ts'
import { bindAsOurselves, firstAnswering, type OurAccount, type ServerRow } from './ldap-servers.ts'

/** A connection that is bound as our own account. */
export type Session = Connection & { server: LdapServer }

/** Whose session it is, and at which servers. `timeoutMs` for reaching one, and `requestMs` or again that for each request. */
export type SessionConfig = Omit<Trust, 'connectMs'> & { row: ServerRow; account: OurAccount; requestMs?: number }

/** At the first server that lets us. Throws `directory.unreachable` or `directory.untrusted`. Whoever opens it unbinds it. */
export function openSession(config: SessionConfig, log: Log): Promise<Session> {
  const { row, account, timeoutMs, requestMs = timeoutMs } = config
  return firstAnswering({ row, log, timeoutMs }, async (server, connectMs) => {
    const connection = await connect(server, { ...config, timeoutMs: requestMs, connectMs })
    // A server that hangs takes connections all the same; our own bind is as harmless elsewhere.
    const late = setTimeout(() => connection.client.unbind().catch(() => {}), connectMs)
    try {
      await bindAsOurselves(connection.client, server, account)
    } finally {
      clearTimeout(late)
    }
    return { ...connection, server }
  })
}
