import { randomUUID } from 'node:crypto'
import { type Client, InvalidCredentialsError, ResultCodeError } from 'ldapts'
import type { Directory, PasswordCheck } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import { checkedLdap, type LdapConfig, type LdapServer } from './ldap-config.ts'
import { connect, unreachable } from './ldap-connection.ts'
import { type Hit, readHit } from './ldap-entry.ts'
import { type Found, searcher } from './ldap-searcher.ts'
import { cannotAnswer, firstAnswering } from './ldap-servers.ts'

/**
 * Search then bind, at any LDAPv3 server (RFC 4511, 4513). The search runs as our own account; the password is then
 * tried by a bind, on a connection of its own, with the DN that the search gave.
 * Throws `config.wrong` where the configuration cannot be right, or would send passwords in clear.
 */
export function ldapDirectory(config: LdapConfig, log: Log): Directory {
  const checked = checkedLdap(config)
  const people = searcher(checked, log)

  function readFound({ server, entries }: Found): Hit | 'unknown' | 'ambiguous' {
    const [entry, another] = entries
    if (!entry) return 'unknown'
    if (another) return 'ambiguous'
    const hit = readHit(entry, checked.attributes)
    if ('person' in hit) return hit
    const attribute = hit.missing === 'dn' ? 'dn' : checked.attributes[hit.missing]
    log.error('a directory entry cannot be used', { server: server.url, lacks: attribute })
    throw new AppError('directory.unreachable', { detail: `${server.url}: an entry has no usable ${attribute}` })
  }

  /** One bind and no second one, whatever becomes of it: the directory may have counted it. */
  async function proves(dn: string, password: string, from: LdapServer): Promise<boolean> {
    const order = [from, ...checked.servers.filter((server) => server !== from)]
    const { client, server } = await firstAnswering(order, log, async (server) => ({
      client: await connect(server, checked),
      server,
    }))
    try {
      await client.bind(dn, password)
      return true
    } catch (error) {
      return refusal(error, server)
    } finally {
      await release(client)
    }
  }

  return {
    async checkPassword(username, password): Promise<PasswordCheck> {
      if (isBlank(password)) return { outcome: 'wrong', why: 'empty' }
      if (!isName(username)) return { outcome: 'wrong', why: 'unknown' }
      if (!isPassword(password)) return { outcome: 'wrong', why: 'password' }

      const found = await people.find(username)
      const hit = readFound(found)
      if (typeof hit === 'string') {
        // As many round trips as for a wrong password, so that time does not tell who exists.
        await proves(nobody(checked.baseDn), password, found.server)
        return { outcome: 'wrong', why: hit }
      }
      const proved = await proves(hit.dn, password, found.server)
      return proved ? { outcome: 'right', person: hit.person } : { outcome: 'wrong', why: 'password' }
    },
    close: () => people.close(),
  }
}

/** A refused bind is a "no" (a locked account included), unless the refusal is about the server. */
function refusal(error: unknown, server: LdapServer): false {
  if (error instanceof InvalidCredentialsError) return false
  if (error instanceof ResultCodeError && !cannotAnswer(error)) return false
  throw unreachable(server, 'no answer about the password', error)
}

async function release(client: Client): Promise<void> {
  await client.unbind().catch(() => {})
}

/**
 * RFC 4513 section 5.1.2: a bind with an empty password succeeds and proves nothing. A server that keeps text as C does
 * sees an empty one behind a NUL, and some trim blanks.
 */
function isBlank(password: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*$/u.test(password)
}

/** A NUL would hide what follows it from some servers; a lone surrogate has no UTF-8 (RFC 4511 section 4.1.2). */
function isPassword(password: string): boolean {
  return !password.includes('\0') && password.isWellFormed()
}

function isName(username: string): boolean {
  return username.trim() !== '' && username.length <= 256 && !/\p{Cc}/u.test(username) && username.isWellFormed()
}

/** A name drawn at random is no entry's, and nobody can make one of that name beforehand. */
function nobody(baseDn: string): string {
  return `cn=nobody-${randomUUID()},${baseDn}`
}
