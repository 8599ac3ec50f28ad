import assert from 'node:assert/strict'
import type { Output } from '../../src/contract/contract.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { fakeSource } from './fake-source.ts'

type Options = { settings?: Record<string, unknown>; rules?: object; pageSize?: number; items?: boolean }

/** An engine on a directory whose people the test makes, with one item, `staff`, of `ou=people`. */
export async function syncWorld(
  database: Database,
  { settings = {}, rules = {}, pageSize, items = true }: Options = {},
) {
  const source = fakeSource(pageSize)
  const directory = peopleDirectory()
  const quiet = { 'sync.automatic': false, 'company.administrators_mail': ['admin@corp.example'], ...settings }
  const world = await engineWorld(database, { directory, people: source, settings: quiet, seeded: false })
  const { api, operator } = world
  const addItem = async (name: string, base = `ou=${name}`, given: object = rules) => {
    const added = await api.addSyncItem(operator, { name, scope: { base }, rules: given as never })
    assert.deepEqual(added, { ok: true, value: { outcome: 'done' } })
  }
  if (items) await addItem('staff', 'ou=people')

  async function run(how: { whole?: boolean; dryRun?: boolean; item?: string } = {}) {
    const answer = await api.synchronise(operator, how)
    assert.ok(answer.ok, JSON.stringify(answer))
    assert.ok(answer.value.outcome !== 'busy')
    return answer.value
  }
  /** What is not 0. */
  const counts = async (how = {}) => nonZero((await run(how)).counts)

  async function users(): Promise<Record<string, unknown>[]> {
    return database.rows(sql`SELECT * FROM users ORDER BY username_key`)
  }
  const user = async (username: string) => (await users()).find((row) => row.username === username)
  /** Who can sign in. */
  const names = async () => (await users()).filter((row) => row.disabled_at === null).map((row) => String(row.username))
  const events = async (what?: string) =>
    (await database.rows(sql`SELECT what FROM audit ORDER BY seq`))
      .map((row) => String(row.what))
      .filter((each) => what === undefined || each === what)
  const waiting = async () => {
    const answer = await api.readRemovals(operator, {})
    assert.ok(answer.ok)
    return answer.value
  }
  return { ...world, source, directory, addItem, run, counts, users, user, names, events, waiting }
}

export type SyncWorld = Awaited<ReturnType<typeof syncWorld>>

export function nonZero(counts: Output<'listSyncRuns'>['runs'][number]['counts']): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
}
