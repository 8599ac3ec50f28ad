import type { Answer, Input } from '../../contract/contract.ts'
import { AppError } from '../errors.ts'
import type { SyncNeeds } from './needs.ts'
import { synchronise } from './run.ts'
import type { Scope } from './source.ts'

const done = { ok: true, value: { outcome: 'done' } } as const
const unread = { ok: false, refusal: 'directory.unread' } as const
const unknown = { ok: false, refusal: 'sync-item.unknown' } as const
const nowhere = { ok: false, refusal: 'sync-item.nowhere' } as const

export async function listSyncItems({ read }: SyncNeeds): Promise<Answer<'listSyncItems'>> {
  const items = []
  for (const { id, name, scope, rules } of await read.syncItems.list())
    items.push({ name, scope, rules, people: await read.people.countOf(id) })
  return { ok: true, value: { items } }
}

export async function addSyncItem(
  { source, write, clock, ids }: SyncNeeds,
  item: Input<'addSyncItem'>,
): Promise<Answer<'addSyncItem'>> {
  if (!source) return unread
  if (await isNowhere(source, item.scope)) return nowhere
  const id = ids.next()
  return write(async ({ syncItems, audit }) => {
    if (!(await syncItems.insert({ id, ...item, changedAt: clock.now() })))
      return { ok: false, refusal: 'sync-item.exists' }
    await audit.write({ what: 'sync-item.set', at: clock.now(), facts: { item: item.name } })
    return done
  })
}

export async function changeSyncItem(
  { source, write, clock }: SyncNeeds,
  { name, newName, scope, rules, first }: Input<'changeSyncItem'>,
): Promise<Answer<'changeSyncItem'>> {
  if (scope && (await isNowhere(source, scope))) return nowhere
  return write(async ({ syncItems, audit }) => {
    const item = await syncItems.findByName(name)
    if (!item) return unknown
    const changedAt = clock.now()
    const to = { name: newName ?? item.name, scope: scope ?? item.scope, rules: rules ?? item.rules, changedAt }
    if (newName !== undefined || scope || rules) {
      if (!(await syncItems.change(item.id, to))) return { ok: false, refusal: 'sync-item.exists' }
    }
    if (first) await syncItems.putFirst(item.id, changedAt)
    await audit.write({ what: 'sync-item.set', at: changedAt, facts: { item: to.name, first } })
    return done
  })
}

/** A slip is told to whoever makes it. A directory that does not answer just now keeps nobody from writing down what is to come. */
async function isNowhere(source: SyncNeeds['source'], scope: Scope): Promise<boolean> {
  if (!source) return false
  try {
    return !(await source.people.has(scope))
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

const RELEASED_IN_A_UNIT = 500

/** Its people are released first, so that none of them is taken for gone in between. */
export async function removeSyncItem(
  { write, clock }: SyncNeeds,
  { name }: Input<'removeSyncItem'>,
): Promise<Answer<'removeSyncItem'>> {
  for (let released = 0; ; ) {
    const step = await write(async ({ syncItems, people, audit }) => {
      const item = await syncItems.findByName(name)
      if (!item) return undefined
      const some = await people.release(item.id, RELEASED_IN_A_UNIT)
      if (some === RELEASED_IN_A_UNIT) return { some, more: true }
      await syncItems.remove(item.id)
      await audit.write({
        what: 'sync-item.removed',
        at: clock.now(),
        facts: { item: name, released: released + some },
      })
      return { some, more: false }
    })
    if (!step) return unknown
    released += step.some
    if (!step.more) return { ok: true, value: { outcome: 'done', released } }
  }
}

export async function findInDirectory(
  { source }: SyncNeeds,
  { kind, text, most }: Input<'findInDirectory'>,
): Promise<Answer<'findInDirectory'>> {
  if (!source) return unread
  const all = await source.people.find(kind, text, most + 1)
  const found = all.slice(0, most).map(({ dn, name }) => ({ dn, name }))
  return { ok: true, value: { found: found.toSorted(byName), more: all.length > most } }
}

function byName(one: { name: string; dn: string }, other: { name: string; dn: string }): number {
  return one.name.localeCompare(other.name, 'en') || one.dn.localeCompare(other.dn, 'en')
}

export async function synchroniseNow(
  needs: SyncNeeds,
  { whole, item: name, dryRun }: Input<'synchronise'>,
): Promise<Answer<'synchronise'>> {
  const { source, read, write, clock } = needs
  if (!source) return unread
  const item = name === undefined ? undefined : await read.syncItems.findByName(name)
  if (name !== undefined && !item) return unknown
  if (!dryRun) {
    const facts = { whole, item: item?.name }
    await write(({ audit }) => audit.write({ what: 'sync.asked', at: clock.now(), facts }))
  }
  const report = await synchronise(needs, { by: 'operator', whole, item: item?.id, dryRun })
  return { ok: true, value: report === 'busy' ? { outcome: 'busy' } : (report as Exclude<typeof report, 'busy'>) }
}

export async function listSyncRuns(
  { read }: SyncNeeds,
  { most, details }: Input<'listSyncRuns'>,
): Promise<Answer<'listSyncRuns'>> {
  const runs = await read.syncRuns.newest(most)
  const shown = runs.map(({ id: _id, beganAt, endedAt, findings, ...run }) => ({
    ...run,
    beganAt: beganAt.toISOString(),
    endedAt: endedAt?.toISOString(),
    findings: details ? [...findings] : undefined,
  }))
  return { ok: true, value: { runs: shown } }
}

export async function readRemovals({ read }: SyncNeeds): Promise<Answer<'readRemovals'>> {
  const lists = await read.removals.lists()
  const list = lists.find(({ state }) => state !== 'rejected') ?? lists.at(-1)
  if (!list) return { ok: true, value: { losses: [] } }
  const losses = list.losses.map(({ username, fate, why }) => ({ username, fate, why }))
  return { ok: true, value: { list: list.id, state: list.state, madeAt: list.madeAt.toISOString(), losses } }
}

/** For just that list: a newer one, which would be of others, has another id. */
export function sayToRemovals(state: 'approved' | 'rejected') {
  return async ({ write, clock }: SyncNeeds, { list }: Input<'approveRemovals'>): Promise<Answer<'approveRemovals'>> =>
    write(async ({ removals, audit }) => {
      if (!(await removals.settle(list, state))) return { ok: false, refusal: 'removals.unknown' }
      await audit.write({ what: `removals.${state}`, at: clock.now(), facts: { list } })
      return done
    })
}
