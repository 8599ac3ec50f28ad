import { configured, judges } from '../app/configured.ts'
import { type Engine, openEngine } from '../app/engine.ts'
import { directoryOf, mailOf, peopleOf } from '../app/outward.ts'
import { configuredStorage } from '../app/storage.ts'
import type { Config } from '../config/config.ts'
import type { Role } from '../config/roles.ts'
import type { Call } from '../contract/caller.ts'
import { relyingPartyOf } from '../core/methods/passkey/relying-party.ts'
import type { Settings } from '../core/settings/settings.ts'
import type { Database } from '../storage/sql/database.ts'
import { systemClock as clock, systemRandom as random, systemIds } from '../system.ts'

/** Which installation a verb is about. */
export type Installation = { config?: string | undefined; data?: string | undefined }

/** The operator, at the machine. */
export const operator: Call = { console: true }

export type AtHand = { engine: Engine; database: Database; config: Config; settings: Settings }

/** Opens the installation for one verb, beside a server that may be running, and closes it again. It sends nothing. */
export async function atHand<T>(
  installation: Installation,
  env: NodeJS.ProcessEnv,
  work: (at: AtHand) => Promise<T>,
): Promise<T> {
  const { config, settings } = readInstallation(installation, env)
  const ids = systemIds(clock, random)
  const log = { info() {}, warn() {}, error() {} }
  const { database, masterKey } = await configuredStorage(config, { clock, random, log })
  try {
    const engine = await openEngine({
      database,
      masterKey,
      settings,
      ...directoryOf(config, { log, clock, random }),
      ...peopleOf(config, { log, clock, random }),
      mail: mailOf(config),
      // What the running server offers people: mails say how they begin.
      canCall: config.voice.providers.length > 0,
      relyingParty: () => relyingPartyOf(config.portal.origin),
      log,
      clock,
      random,
      ids,
      work: 'none',
    })
    try {
      return await work({ engine, database, config, settings })
    } finally {
      await engine.close()
    }
  } finally {
    await database.close()
  }
}

export function readInstallation(installation: Installation, env: NodeJS.ProcessEnv, role: Role = 'all') {
  return configured({ ...sourcesOf(installation, env), role })
}

/** Where the configuration comes from: the command line goes before the environment, and that before the file. */
export function sourcesOf({ config, data }: Installation, env: NodeJS.ProcessEnv) {
  return { file: config, env, judges, ...(data !== undefined && { flags: { data: { flag: '--data', text: data } } }) }
}
