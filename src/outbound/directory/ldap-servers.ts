import { type Client, ResultCodeError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { CheckedLdap, LdapServer } from './ldap-config.ts'
import { unreachable } from './ldap-connection.ts'

/**
 * What `use` makes of the first server that lets it. Throws what it threw at the last one; a certificate that was
 * refused outweighs a server that is down. Our own bind being refused is not tried elsewhere: it would be counted there too.
 */
export async function firstAnswering<T>(
  servers: readonly LdapServer[],
  log: Log,
  use: (server: LdapServer) => Promise<T>,
): Promise<T> {
  const failures: AppError[] = []
  for (const server of servers) {
    try {
      return await use(server)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      failures.push(error)
      if (error.cause instanceof ResultCodeError && !cannotAnswer(error.cause)) break
      if (servers.length > 1)
        log.warn('a directory server could not be used', { server: server.url, reason: error.message })
    }
  }
  throw failures.find((failure) => failure.code === 'directory.untrusted') ?? failures.at(-1)
}

/** Our password being wrong is an outage, never a "no" to the person who signs in. */
export async function bindAsOurselves(client: Client, server: LdapServer, config: CheckedLdap): Promise<void> {
  try {
    await client.bind(config.bindDn, config.bindPassword.reveal())
  } catch (error) {
    await client.unbind().catch(() => {})
    throw unreachable(server, `our own bind as ${config.bindDn} failed`, error)
  }
}

/** Result codes that say something about the server or the connection, and nothing about who binds (RFC 4511 appendix A). */
export function cannotAnswer({ code }: ResultCodeError): boolean {
  return serverTrouble.has(code)
}

const serverTrouble: ReadonlySet<number> = new Set([
  1, // operationsError
  2, // protocolError
  3, // timeLimitExceeded
  7, // authMethodNotSupported
  8, // strongerAuthRequired
  10, // referral: another server would know
  11, // adminLimitExceeded
  13, // confidentialityRequired
  51, // busy
  52, // unavailable
  54, // loopDetect
  80, // other
  248, // ldapts: an answer without a result
])
