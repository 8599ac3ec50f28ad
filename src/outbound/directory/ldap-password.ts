import { PasswordPolicyControl, ResultCodeError } from 'ldapts'
import type { PasswordChange } from '../../core/directory.ts'
import type { Log } from '../../core/ports.ts'
import type { CheckedLdap, LdapServer } from './ldap-config.ts'
import { connect, unreachable } from './ldap-connection.ts'
import { isExpired, type PasswordJudge } from './ldap-expiry.ts'
import { proofBy } from './ldap-prover.ts'
import { bindAsOurselves, firstAnswering, type ServerRow } from './ldap-servers.ts'
import { turns } from './ldap-turns.ts'
import { refusedChange } from './ldap-verdict.ts'

const CHANGES = { atOnce: 8, waiting: 64 }
const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1'

type Passwords = { dn: string; old: string; chosen: string; from: LdapServer }

/**
 * Password Modify (RFC 3062) by its owner, on the connection that the old password has just opened. Who may not bind
 * because it is expired gets it by our own account, with the old one beside it.
 */
export function passwordChanger(config: CheckedLdap & { row: ServerRow; judge: PasswordJudge }, log: Log) {
  const { row, timeoutMs } = config
  const inTurn = turns(CHANGES)

  async function change({ dn, old, chosen, from }: Passwords): Promise<PasswordChange> {
    const { client, isLost, server } = await firstAnswering(
      { row, log, timeoutMs, first: from },
      async (server, ms) => ({
        ...(await connect(server, { ...config, connectMs: ms })),
        server,
      }),
    )
    try {
      const proof = await proofBy(client, server, dn, old, isLost)
      if ('lost' in proof) throw unreachable(server, 'no answer about the password', proof.cause)
      const verdict = await config.judge(dn, proof)
      if ('why' in verdict) return { outcome: 'wrong', why: verdict.why }
      if (!proof.right) await bindAsOurselves(client, server, config.account)

      const policy = new PasswordPolicyControl()
      try {
        await client.exop(PASSWORD_MODIFY, request(isExpired(proof) ? dn : undefined, old, chosen), policy)
        return { outcome: 'changed' }
      } catch (error) {
        const refused = error instanceof ResultCodeError && refusedChange(error.code, policy.value?.error)
        if (refused) return refused
        throw unreachable(server, 'a change of a password was not answered', error)
      }
    } finally {
      await client.unbind().catch(() => {})
    }
  }

  return (passwords: Passwords) => inTurn(() => change(passwords))
}

/** RFC 3062 section 2: SEQUENCE { [0] userIdentity, [1] oldPasswd, [2] newPasswd }, each of them optional. */
function request(dn: string | undefined, old: string, chosen: string): Buffer {
  const fields = [dn, old, chosen].map((text, tag) =>
    text === undefined ? Buffer.alloc(0) : element(0x80 | tag, text),
  )
  return element(0x30, Buffer.concat(fields))
}

function element(tag: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  const length = bytes.length < 0x80 ? [bytes.length] : [0x82, bytes.length >> 8, bytes.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), bytes])
}
