import type { Secret } from '../core/secrets/secret.ts'
import { checked } from './checked.ts'
import type { Config, LdapSettings, TrustedSettings, WindowsSettings } from './config.ts'
import type { Values } from './options.ts'
import { radiusSettings } from './settle-radius.ts'
import { netbiosOf } from './windows-kinds.ts'

/** Who checks passwords, and how they are reached. */
export function directorySettings(values: Values): Config['directory'] {
  switch (values['directory.kind']) {
    case 'local':
      return { kind: 'local' }
    case 'ldap':
      return { kind: 'ldap', ldap: ldapSettings(values) }
    case 'windows':
      return { kind: 'windows', windows: windowsSettings(values) }
    case 'radius':
      return { kind: 'radius', radius: radiusSettings(values) }
  }
}

export function ldapSettings(values: Values): LdapSettings {
  return {
    url: checked(values['directory.ldap.url']),
    startTls: values['directory.ldap.start_tls'],
    ca: values['directory.ldap.ca'],
    identity: identity(values['directory.ldap.tls.cert'], values['directory.ldap.tls.key']),
    bind: values['directory.ldap.bind'],
    bindDn: values['directory.ldap.bind_dn'],
    bindPassword: values['directory.ldap.bind_password'],
    baseDn: checked(values['directory.ldap.base_dn']),
    userFilter: values['directory.ldap.filter'],
    groupBaseDn: values['directory.ldap.group_base_dn'],
    changePasswords: values['directory.ldap.change_expired'],
    attributes: {
      uid: values['directory.ldap.attributes.uid'],
      username: values['directory.ldap.attributes.username'],
      displayName: values['directory.ldap.attributes.display_name'],
      mail: values['directory.ldap.attributes.mail'],
      phone: values['directory.ldap.attributes.phone'],
    },
    timeoutMs: values['directory.ldap.timeout_seconds'] * 1000,
  }
}

function identity(cert: string | undefined, key: Secret | undefined): LdapSettings['identity'] {
  return cert === undefined || key === undefined ? undefined : { cert, key }
}

export function windowsSettings(values: Values): WindowsSettings {
  const domain = checked(values['directory.windows.domain'])
  return {
    domain,
    netbios: values['directory.windows.netbios'] ?? netbiosOf(domain),
    controllers: values['directory.windows.controllers'] ?? [],
    trusted: trustedSettings(values),
    dns: values['directory.windows.dns'] ?? [],
    security: values['directory.windows.security'] === 'starttls' ? 'startTls' : 'ldaps',
    ca: values['directory.windows.ca'],
    account: checked(values['directory.windows.account']),
    password: checked(values['directory.windows.password']),
    baseDn: values['directory.windows.base_dn'],
    userFilter: values['directory.windows.filter'],
    username: values['directory.windows.username'],
    changePasswords: values['directory.windows.change_expired'],
    timeoutMs: values['directory.windows.timeout_seconds'] * 1000,
  }
}

function trustedSettings(values: Values): TrustedSettings[] {
  const accounts = values['directory.windows.trusted_accounts'] ?? []
  return values['directory.windows.trusted'].map(({ domain, netbios = netbiosOf(domain), suffixes, controllers }) => {
    const found = accounts.find(({ of }) => [domain, netbios.toLowerCase(), ...suffixes].includes(of))
    const account = found && { name: found.name, password: found.password }
    return { domain, netbios, suffixes, controllers, account }
  })
}
