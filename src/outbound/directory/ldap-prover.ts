import { type Client, PasswordPolicyControl, type PasswordPolicyValue, ResultCodeError } from 'ldapts'
import type { Log } from '../../core/ports.ts'
import type { LdapServer } from './ldap-config.ts'
import { type Connection, connect, type TlsTrust, unreachable } from './ldap-connection.ts'
import { cannotAnswer, firstAnswering, type ServerRow } from './ldap-servers.ts'
import { listening } from './ldap-silence.ts'
import { turns } from './ldap-turns.ts'

/**
 * `code` and `said`: the result and the server's own words on a "no", in which Active Directory hides why. `policy` is
 * what a server with password policies says beside it (draft-behera-ldap-password-policy-11 section 6.2). `server`: who
 * said so.
 */
export type Proof = { server: LdapServer; policy?: PasswordPolicyValue | undefined } & (
  | { right: true }
  | { right: false; code: number; said: string }
)

type Config = TlsTrust & { row: ServerRow; timeoutMs: number }

/** Each on a connection of its own: a bind is about the whole connection. */
const BINDS = { atOnce: 48, waiting: 144 }

/**
 * Tries a password by one bind, on a connection of its own. A refused bind is a "no" (a locked account included), unless
 * the refusal is about the server: then it throws `directory.unreachable`; `queue.full` when too many are at it.
 *
 * A server that only takes its time may have counted the try, so it is waited for and nobody else is asked. One whose
 * connection breaks, or that answers nothing at all any more, has died or hangs: the next is asked, once, or everybody who
 * was signing in at that moment would be turned away.
 */
export function prover(config: Config, log: Log) {
  const { row, timeoutMs } = config
  const inTurn = turns(BINDS)
  const whileItAnswers = listening(config)
  const open = (first?: LdapServer) =>
    firstAnswering({ row, log, timeoutMs, first }, async (server, connectMs) => ({
      ...(await connect(server, { ...config, connectMs })),
      server,
    }))

  async function prove(dn: string, password: string, from: LdapServer): Promise<Proof> {
    const proof = await bind(await open(from), dn, password)
    if (!('lost' in proof)) return proof
    row.failed(proof.lost)
    const another = await bind(await open(), dn, password)
    if ('lost' in another) throw unreachable(another.lost, 'no answer about the password', another.cause)
    return another
  }

  async function bind({ client, isLost, server }: Open, dn: string, password: string) {
    try {
      const proof = await whileItAnswers(server, proofBy(client, server, dn, password, isLost))
      return proof === 'silent' ? { lost: server, cause: 'it has fallen silent' } : proof
    } finally {
      await release(client)
    }
  }

  return (dn: string, password: string, from: LdapServer): Promise<Proof> => inTurn(() => prove(dn, password, from))
}

type Open = Connection & { server: LdapServer }

/** One bind on a connection that is open. `lost`: it broke before there was an answer. */
export async function proofBy(
  client: Client,
  server: LdapServer,
  dn: string,
  password: string,
  isLost: () => boolean,
): Promise<Proof | { lost: LdapServer; cause: unknown }> {
  // Not critical: a server that has no policies takes no notice.
  const control = new PasswordPolicyControl()
  try {
    await client.bind(dn, password, control)
    return { right: true, server, policy: control.value }
  } catch (cause) {
    if (isLost()) return { lost: server, cause }
    if (!(cause instanceof ResultCodeError) || cannotAnswer(cause))
      throw unreachable(server, 'no answer about the password', cause)
    return { right: false, server, code: cause.code, said: cause.message, policy: control.value }
  }
}

async function release(client: Client): Promise<void> {
  await client.unbind().catch(() => {})
}
