import type { Config, RadiusSettings } from '../config/config.ts'
import type { Log } from '../core/ports.ts'
import { smtpMailSender } from '../outbound/delivery/mail/smtp.ts'
import { ldapDirectory } from '../outbound/directory/ldap.ts'
import { localDirectory } from '../outbound/directory/local.ts'
import { type RadiusDirectoryConfig, radiusDirectory } from '../outbound/directory/radius.ts'
import { systemClock as clock, systemRandom as random } from '../system.ts'
import type { EngineNeeds } from './engine.ts'

/** The directory that the configuration names. */
export function directoryOf({ directory }: Config, log: Log): Pick<EngineNeeds, 'directory' | 'directoryKind'> {
  switch (directory.kind) {
    case 'local':
      return { directoryKind: 'local', directory: localDirectory }
    case 'ldap':
      return { directoryKind: 'ldap', directory: () => ldapDirectory(directory.ldap, log) }
    case 'radius':
      return {
        directoryKind: 'radius',
        directory: () => radiusDirectory(radiusConfig(directory.radius), { log, clock, random }),
      }
  }
}

/** Requests under way at once; each holds a socket. */
const MOST_RADIUS_REQUESTS = 200

export function radiusConfig({ waiver, firstWaitMs, ...settings }: RadiusSettings): RadiusDirectoryConfig {
  const proof = waiver === undefined ? 'demanded' : { waivedBecause: waiver }
  return { ...settings, proof, firstWait: firstWaitMs, mostOutstanding: MOST_RADIUS_REQUESTS }
}

/** The mail servers that the configuration names, in order. */
export function mailOf({ mail, portal }: Config): EngineNeeds['mail'] {
  if (!mail) return undefined
  const { hosts, ...rest } = mail
  const address = portal.origin && portal.origin + portal.path
  return { senders: hosts.map((host) => smtpMailSender({ ...rest, host })), portal: () => address }
}
