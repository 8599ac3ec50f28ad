import { type Engine, openEngine } from '../src/app/engine.ts'
import { readSettings } from '../src/core/settings/settings.ts'
import { localDirectory } from '../src/outbound/directory/local.ts'
import { systemClock as clock, systemRandom as random } from '../src/system.ts'
import { ids, openPlace, type Place, silent } from './people.ts'

/** The whole engine on the data of a place, with its upkeep, as `serve` opens it. */
export async function openEngineAt(place: Place): Promise<Engine> {
  const { database, masterKey } = await openPlace(place)
  const read = readSettings({})
  if ('mistakes' in read) throw new TypeError('the defaults are right')
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
  })
  return {
    ...engine,
    async close() {
      await engine.close()
      await database.close()
    },
  }
}
