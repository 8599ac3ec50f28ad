import type { Config } from '../config/config.ts'
import type { Log } from '../core/ports.ts'
import { smtpMailSender } from '../outbound/delivery/mail/smtp.ts'
import { ldapDirectory } from '../outbound/directory/ldap.ts'
import { localDirectory } from '../outbound/directory/local.ts'
import type { EngineNeeds } from './engine.ts'

/** The directory that the configuration names. */
export function directoryOf({ directory }: Config, log: Log): Pick<EngineNeeds, 'directory' | 'directoryKind'> {
  return directory.kind === 'ldap'
    ? { directoryKind: 'ldap', directory: () => ldapDirectory(directory.ldap, log) }
    : { directoryKind: 'local', directory: localDirectory }
}

/** The mail servers that the configuration names, in order. */
export function mailOf({ mail, portal }: Config): EngineNeeds['mail'] {
  if (!mail) return undefined
  const { hosts, ...rest } = mail
  const address = portal.origin && portal.origin + portal.path
  return { senders: hosts.map((host) => smtpMailSender({ ...rest, host })), portal: () => address }
}
