import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { AppError } from '../core/errors.ts'
import type { Clock, Log, Random } from '../core/ports.ts'
import type { Secret } from '../core/secrets/secret.ts'
import { dataKeyStore } from '../storage/data-key-store.ts'
import { fillLikenesses } from '../storage/fill-likenesses.ts'
import { masterKey } from '../storage/master-key-file.ts'
import { migrate } from '../storage/migrate.ts'
import type { Database } from '../storage/sql/database.ts'
import { postgres } from '../storage/sql/postgres.ts'
import { sqlite } from '../storage/sql/sqlite.ts'

type World = { clock: Clock; random: Random; log: Log }
type Place = {
  folder: string
  /** `postgres://…`; undefined is the embedded database in the folder. */
  databaseUrl?: Secret | undefined
  masterKey?: Secret | undefined
}

export type Storage = { database: Database; masterKey: Uint8Array }

/** The data folder, the database in its newest shape, and the key to its secrets. Made where nothing is there yet. */
export async function openStorage(
  { folder, databaseUrl, masterKey: env }: Place,
  { clock, random, log }: World,
): Promise<Storage> {
  await dataFolder(folder)
  const database = databaseUrl ? postgres(databaseUrl.reveal(), { log }) : sqlite(join(folder, 'sallyport.db'))
  try {
    for (const name of await migrate({ database, clock })) log.info('Database changed', { migration: name })
    await fillLikenesses(database)
    // Only where nothing is sealed yet: a new key would open none of the old secrets.
    const mayCreate = (await dataKeyStore(database).all()).length === 0
    return { database, masterKey: await masterKey({ folder, env: env?.reveal(), mayCreate, random }) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Where the configuration says. */
export function configuredStorage({ dataFolder: folder, database, masterKey }: Config, world: World): Promise<Storage> {
  return openStorage({ folder, masterKey, ...(database.kind === 'postgres' && { databaseUrl: database.url }) }, world)
}

/** Readable by nobody else: it holds the database and the master key. */
export async function dataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new AppError('database.unwritable', { detail: folder, cause })
  }
}
