import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { domain } from './samba-people.ts'

/** The tickets of whoever is signed in to Windows, as programs find them: by their environment. */
export type Tickets = {
  env: { KRB5_CONFIG: string; KRB5CCNAME: string }
  /** Signs in as that one, in place of who was there. `enterprise`: by a principal name of another suffix (RFC 6806 section 5). */
  get(name: string, password: string, manner?: { enterprise: boolean }): void
  /** Nobody is signed in any more. */
  forget(): void
}

const PROGRAM = '/usr/bin/kinit'

/** A client of the controller at that address, with its files in the folder. */
export function kerberosTickets(kdc: string, folder: string): Tickets {
  const [config, cache] = [join(folder, 'krb5.conf'), join(folder, 'tickets')]
  writeFileSync(config, krb5Conf(domain.toUpperCase(), kdc))
  const env = { KRB5_CONFIG: config, KRB5CCNAME: `FILE:${cache}` }
  return {
    env,
    get(name, password, { enterprise } = { enterprise: false }) {
      const args = enterprise ? ['-E', name] : [name]
      execFileSync(PROGRAM, args, { env, input: `${password}\n`, stdio: ['pipe', 'pipe', 'pipe'] })
    },
    forget: () => rmSync(cache, { force: true }),
  }
}

/** Names are taken as they are: what DNS says of loopback is not what the service is called. */
function krb5Conf(realm: string, kdc: string): string {
  return `[libdefaults]
default_realm = ${realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
[realms]
${realm} = {
  kdc = ${kdc}
}
`
}
