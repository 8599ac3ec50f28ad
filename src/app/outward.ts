import type { Config } from '../config/config.ts'
import type { TextSender } from '../core/delivery/text-sender.ts'
import type { Log } from '../core/ports.ts'
import { httpTextSender } from '../outbound/delivery/sms/http.ts'
import { ldapDirectory } from '../outbound/directory/ldap.ts'
import { localDirectory } from '../outbound/directory/local.ts'
import type { EngineNeeds } from './engine.ts'

/** The directory that the configuration names. */
export function directoryOf({ directory }: Config, log: Log): Pick<EngineNeeds, 'directory' | 'directoryKind'> {
  return directory.kind === 'ldap'
    ? { directoryKind: 'ldap', directory: () => ldapDirectory(directory.ldap, log) }
    : { directoryKind: 'local', directory: localDirectory }
}

export type Senders = { senders: readonly TextSender[]; close(): Promise<void> }

/** The providers of texts that the configuration names, in order. */
export function sendersOf({ sms }: Config): Senders {
  if (sms.kind === 'none') return { senders: [], close: async () => {} }
  const sender = httpTextSender(sms.http)
  return { senders: [sender], close: () => sender.close() }
}
