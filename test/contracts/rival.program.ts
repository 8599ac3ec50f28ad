import { openEngine } from '../../src/app/engine.ts'
import type { Name } from '../../src/contract/contract.ts'
import { readSettings } from '../../src/core/settings/settings.ts'
import { localDirectory } from '../../src/outbound/directory/local.ts'
import { postgres } from '../../src/storage/sql/postgres.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { handClock, silent, site } from '../engine.ts'
import { quickArgon2id } from '../quick-hasher.ts'
import { PATIENT } from './patience.ts'
import type { Order } from './rival.ts'

/** A node of its own on the database that it is told: what two machines would be, as far as one machine can have it. */
const [url = '', masterKey = '', settings = '{}'] = process.argv.slice(2)
const clock = handClock()
const read = readSettings(JSON.parse(settings))
if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
const database = postgres(url, PATIENT)
const engine = await openEngine({
  database,
  masterKey: Buffer.from(masterKey, 'base64'),
  settings: read.settings,
  directoryKind: 'local',
  argon2id: quickArgon2id,
  directory: localDirectory,
  relyingParty: () => site,
  log: silent,
  clock,
  random: systemRandom,
  ids: systemIds(clock, systemRandom),
  floorMs: 0,
  // Texts leave by the other one, where the test can read them.
  work: 'none',
})

process.on('message', async ({ id, minutes, calls, replies }: Order) => {
  if (minutes !== undefined) clock.advance(minutes)
  if (replies) {
    const reply = { ...replies.reply, at: clock.now() }
    await Promise.all(Array.from({ length: replies.times }, () => engine.replies.take(reply)))
  }
  const answers = await Promise.all(
    calls.map(({ name, call, input }) => engine.api[name as Name](call, input as never)),
  )
  process.send?.({ id, answers })
})
process.on('disconnect', async () => {
  await engine.close()
  await database.close()
})
process.send?.({ id: 0, answers: [] })
