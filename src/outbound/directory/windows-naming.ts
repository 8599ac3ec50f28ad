import { usernameKey } from '../../core/users/user.ts'
import type { DomainConfig, TrustedDomain, WindowsConfig } from './windows-config.ts'
import { belongsTo, readName } from './windows-names.ts'

/**
 * Who somebody of a domain is here. A trusted domain says of its people what it likes, names and ids of people of ours
 * included: whoever runs it would be let in as them, so neither counts where it could be another domain's.
 */
export type Naming = {
  /** The user name, of the principal name and the account name; undefined where neither can be one. */
  called(upn: string | undefined, account: string | undefined): string | undefined
  /** Of an objectGUID, as hexadecimal. */
  idOf(guid: string): string
  /** The objectGUID, where somebody of this domain has that id. */
  guidOf(id: string): string | undefined
}

const GUID = /^[0-9a-f]{32}$/

export function namingIn(domain: WindowsConfig | TrustedDomain, config: WindowsConfig): Naming {
  return domain === config ? host(config.trusted) : guest(domain)
}

/** Called by principal name, or by account name, but never by a name that leads to a trusted domain. */
function host(trusted: WindowsConfig['trusted']): Naming {
  const isOthers = (name: string) => trusted.some((each) => belongsTo(readName(usernameKey(name) ?? name), each))
  return {
    called: (upn, account) => [upn, account].find((name) => name !== undefined && !isOthers(name)),
    idOf: (guid) => guid,
    guidOf: (id) => (GUID.test(id) ? id : undefined),
  }
}

/** Called by a principal name of a suffix that is the domain's own; else by the account name, with the domain before it. */
function guest(domain: DomainConfig): Naming {
  const mark = `@${domain.domain}`
  return {
    called(upn, account) {
      const name = upn === undefined ? undefined : readName(upn)
      if (name?.upn !== undefined && name.account !== '' && belongsTo(name, domain)) return upn
      return account === undefined ? undefined : `${domain.netbios}\\${account}`
    },
    idOf: (guid) => guid + mark,
    guidOf(id) {
      const guid = id.slice(0, -mark.length)
      return id.endsWith(mark) && GUID.test(guid) ? guid : undefined
    },
  }
}
