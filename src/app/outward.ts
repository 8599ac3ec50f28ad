import type { Config, RadiusSettings } from '../config/config.ts'
import type { Clock, Log, Random } from '../core/ports.ts'
import { smtpMailSender } from '../outbound/delivery/mail/smtp.ts'
import { ldapDirectory } from '../outbound/directory/ldap.ts'
import { localDirectory } from '../outbound/directory/local.ts'
import { peopleSource } from '../outbound/directory/people-source.ts'
import { type RadiusDirectoryConfig, radiusDirectory } from '../outbound/directory/radius.ts'
import { windowsDirectory } from '../outbound/directory/windows.ts'
import type { EngineNeeds } from './engine.ts'

type World = { log: Log; clock: Clock; random: Random }

/** The directory that the configuration names. */
export function directoryOf({ directory }: Config, world: World): Pick<EngineNeeds, 'directory' | 'directoryKind'> {
  switch (directory.kind) {
    case 'local':
      return { directoryKind: 'local', directory: localDirectory }
    case 'ldap':
      return { directoryKind: 'ldap', directory: () => ldapDirectory(directory.ldap, world) }
    case 'windows':
      return { directoryKind: 'windows', directory: () => windowsDirectory(directory.windows, world) }
    case 'radius':
      return { directoryKind: 'radius', directory: () => radiusDirectory(radiusConfig(directory.radius), world) }
  }
}

/** Whom to import, and as users of which directory. */
export function peopleOf({ people }: Config, world: World): Pick<EngineNeeds, 'people'> {
  return { people: people && { people: peopleSource(people, world), kind: people.from.kind } }
}

/** Requests under way at once, each of which holds a socket; and a house that comes to work at nine. */
const RADIUS_REQUESTS = { mostOutstanding: 200, mostWaiting: 800 }

export function radiusConfig({ waiver, firstWaitMs, ...settings }: RadiusSettings): RadiusDirectoryConfig {
  const proof = waiver === undefined ? 'demanded' : { waivedBecause: waiver }
  return { ...settings, proof, firstWait: firstWaitMs, ...RADIUS_REQUESTS }
}

/** The mail servers that the configuration names, in order. */
export function mailOf({ mail, portal }: Config): EngineNeeds['mail'] {
  if (!mail) return undefined
  const { hosts, ...rest } = mail
  const address = portal.origin && portal.origin + portal.path
  return { senders: hosts.map((host) => smtpMailSender({ ...rest, host })), portal: () => address }
}
