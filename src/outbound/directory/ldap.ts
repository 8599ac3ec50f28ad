import { AndFilter, EqualityFilter, type Filter } from 'ldapts'
import type { Directory, PasswordCheck } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Clock, Log } from '../../core/ports.ts'
import { type CheckedLdap, checkedLdap, type LdapConfig } from './ldap-config.ts'
import { type Hit, readHit, wanted } from './ldap-entry.ts'
import { nobody, refusedHere } from './ldap-input.ts'
import { prover } from './ldap-prover.ts'
import { type Found, searcher } from './ldap-searcher.ts'
import { serverRow } from './ldap-servers.ts'

type Needs = { log: Log; clock: Clock }

/**
 * Search then bind, at any LDAPv3 server (RFC 4511, 4513). The search runs as our own account; the password is then
 * tried by a bind, on a connection of its own, with the DN that the search gave.
 * Throws `config.wrong` where the configuration cannot be right, or would send passwords in clear.
 */
export function ldapDirectory(config: LdapConfig, { log, clock }: Needs): Directory {
  const checked = checkedLdap(config)
  const row = serverRow(async () => checked.servers, clock)
  const people = searcher({ ...checked, row }, log)
  const proves = prover({ ...checked, row }, log)

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

  return {
    async checkPassword(username, password): Promise<PasswordCheck> {
      const refused = refusedHere(username, password)
      if (refused) return { outcome: 'wrong', why: refused }

      const found = await people.find(byName(checked, username), wanted(checked.attributes))
      const hit = readFound(found)
      if (typeof hit === 'string') {
        // As many round trips as for a wrong password, so that time does not tell who exists.
        await proves(nobody(checked.baseDn), password, found.server)
        return { outcome: 'wrong', why: hit }
      }
      const proof = await proves(hit.dn, password, found.server)
      return proof.right ? { outcome: 'right', person: hit.person } : { outcome: 'wrong', why: 'password' }
    },
    close: () => people.close(),
  }
}

/** Made of objects: what a person typed travels as a value and is never part of a filter's text (RFC 4515). */
function byName({ attributes, userFilter }: CheckedLdap, username: string): Filter {
  const named = new EqualityFilter({ attribute: attributes.username, value: username })
  return userFilter ? new AndFilter({ filters: [userFilter, named] }) : named
}
