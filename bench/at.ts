import { type Engine, type EngineNeeds, openEngine } from '../src/app/engine.ts'
import { readSettings } from '../src/core/settings/settings.ts'
import { localDirectory } from '../src/outbound/directory/local.ts'
import { systemClock as clock, systemRandom as random } from '../src/system.ts'
import { ids, openPlace, type Place, silent } from './people.ts'

type Other = Pick<EngineNeeds, 'directoryKind' | 'directory' | 'people'> & { settings: Record<string, unknown> }

/** The whole engine on the data of a place, with its upkeep, as `serve` opens it; on another directory if need be. */
export async function openEngineAt(place: Place, { settings = {}, ...other }: Partial<Other> = {}): Promise<Engine> {
  const { database, masterKey } = await openPlace(place)
  const read = readSettings(settings)
  if ('mistakes' in read) throw new TypeError('the settings are right')
  const engine = await openEngine({
    database,
    masterKey,
    settings: read.settings,
    directoryKind: 'local',
    directory: localDirectory,
    log: silent,
    clock,
    random,
    ids,
    ...other,
  })
  return {
    ...engine,
    async close() {
      await engine.close()
      await database.close()
    },
  }
}
