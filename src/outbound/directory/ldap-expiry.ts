import { PasswordPolicyError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { LdapServer } from './ldap-config.ts'
import { connect, type TlsTrust } from './ldap-connection.ts'
import { nobodysPassword } from './ldap-input.ts'
import { type Proof, proofBy } from './ldap-prover.ts'
import { type Verdict, verdictOf } from './ldap-verdict.ts'

const INVALID_CREDENTIALS = 49

export type PasswordJudge = (dn: string, proof: Proof) => Promise<Verdict>

/**
 * What a bind came to, with "expired" believed only of a server that has looked at the password before it says so.
 *
 * OpenLDAP and 389 Directory Server have. FreeIPA, once the grace sign-ins are used up, has not: it says so to any guess,
 * and its Password Modify takes no notice of the old password either, so that anybody could choose a new one. A password
 * that nobody has tells which it is, once for each server: the directory counts that try.
 */
export function passwordJudge(config: TlsTrust & { timeoutMs: number }): PasswordJudge {
  const looks = new Map<string, Promise<boolean | undefined>>()

  /** Undefined: what it said is about that account alone. */
  async function ask(dn: string, server: LdapServer): Promise<boolean | undefined> {
    const { client, isLost } = await connect(server, { ...config, connectMs: config.timeoutMs })
    try {
      const proof = await proofBy(client, server, dn, nobodysPassword(), isLost)
      if ('lost' in proof) throw new AppError('directory.unreachable', { detail: server.url, cause: proof.cause })
      // Anything else than a plain "no", such as a lock, came before the password was looked at.
      return isExpired(proof) ? false : isPlainNo(proof) || undefined
    } finally {
      await client.unbind().catch(() => {})
    }
  }

  async function looksFirst(dn: string, server: LdapServer): Promise<boolean> {
    const answer = looks.get(server.url) ?? ask(dn, server)
    looks.set(server.url, answer)
    const known = await answer.catch((error: unknown) => {
      looks.delete(server.url)
      throw error
    })
    if (known === undefined) looks.delete(server.url)
    return known ?? false
  }

  return async (dn, proof) =>
    isExpired(proof) && !(await looksFirst(dn, proof.server)) ? { why: 'expired' } : verdictOf(proof)
}

/** Refused, and not because it is wrong: who has it may choose another. */
export function isExpired({ right, policy }: Proof): boolean {
  return !right && policy?.error === PasswordPolicyError.PasswordExpired
}

function isPlainNo(proof: Proof): boolean {
  return !proof.right && proof.code === INVALID_CREDENTIALS && proof.policy?.error === undefined
}
