import { type Client, InvalidCredentialsError, ResultCodeError } from 'ldapts'
import type { Log } from '../../core/ports.ts'
import type { LdapServer } from './ldap-config.ts'
import { type Connection, connect, unreachable } from './ldap-connection.ts'
import { cannotAnswer, firstAnswering, type ServerRow } from './ldap-servers.ts'

/** `said`: the server's own words on a "no", in which Active Directory hides why. */
export type Proof = { right: true } | { right: false; said: string }

type Config = { row: ServerRow; ca?: string | undefined; timeoutMs: number }

/**
 * Tries a password by one bind, on a connection of its own. A refused bind is a "no" (a locked account included), unless
 * the refusal is about the server: then it throws `directory.unreachable`.
 *
 * A server that falls silent may have counted the try, so nobody else is asked. One whose connection breaks has died, or
 * is about to: the next is asked, once, or everybody who was signing in at that moment would be turned away.
 */
export function prover({ row, ca, timeoutMs }: Config, log: Log) {
  const open = (first?: LdapServer) =>
    firstAnswering({ row, log, timeoutMs, first }, async (server, connectMs) => ({
      ...(await connect(server, { ca, timeoutMs, connectMs })),
      server,
    }))

  return async (dn: string, password: string, from: LdapServer): Promise<Proof> => {
    const proof = await bind(await open(from), dn, password)
    if (!('lost' in proof)) return proof
    row.failed(proof.lost)
    const another = await bind(await open(), dn, password)
    if ('lost' in another) throw unreachable(another.lost, 'no answer about the password', another.cause)
    return another
  }
}

type Open = Connection & { server: LdapServer }

async function bind({ client, isLost, server }: Open, dn: string, password: string) {
  try {
    await client.bind(dn, password)
    return { right: true } as const
  } catch (cause) {
    if (isLost()) return { lost: server, cause }
    return { right: false, said: refusal(cause, server) } as const
  } finally {
    await release(client)
  }
}

function refusal(error: unknown, server: LdapServer): string {
  if (error instanceof InvalidCredentialsError) return error.message
  if (error instanceof ResultCodeError && !cannotAnswer(error)) return error.message
  throw unreachable(server, 'no answer about the password', error)
}

async function release(client: Client): Promise<void> {
  await client.unbind().catch(() => {})
}
