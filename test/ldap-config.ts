import type { SlapdHost } from '../dev/hosts/slapd.ts'
import { Secret } from '../src/core/secrets/secret.ts'
import { type LdapConfig, usualAttributes } from '../src/outbound/directory/ldap-config.ts'

/** Our settings for that slapd: StartTLS, and our account by its password, unless said otherwise. */
export function ldapConfigOf(slapd: SlapdHost, changes: Partial<LdapConfig> = {}): LdapConfig {
  const { ldapUrl: url, ca, bindDn, bindPassword, baseDn } = slapd
  const account = { bindDn, bindPassword: new Secret(bindPassword) }
  return { url, startTls: true, ca, ...account, baseDn, attributes: usualAttributes, timeoutMs: 30_000, ...changes }
}
