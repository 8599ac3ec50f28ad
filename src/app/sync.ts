import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Write } from '../core/ports.ts'
import type { Keyring } from '../core/secrets/keyring.ts'
import type { SettingsSource } from '../core/settings/settings.ts'
import type { SyncNeeds } from '../core/sync/needs.ts'
import { letters } from '../i18n/letters.ts'
import { texts as wording } from '../i18n/texts.ts'
import type { EngineNeeds } from './engine.ts'
import type { Stores } from './stores.ts'

type Heart = { sealing: Keyring; settings: SettingsSource; write: Write<Stores>; read: Stores }

/** What import and synchronisation need, whoever asks for it: the operator, or the clock. */
export function syncOf(
  { people: source, mail, clock, ids }: Pick<EngineNeeds, 'people' | 'mail' | 'clock' | 'ids'>,
  { sealing, settings, write, read }: Heart,
): SyncNeeds {
  const notices = { sealing, wording, settings, ids, mail: mail && { letters, portal: mail.portal } }
  return { write, read, source, notices, settings, clock, ids, pause: () => nextTurn() }
}
