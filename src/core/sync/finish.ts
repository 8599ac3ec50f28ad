import { Interrupted } from './interrupted.ts'
import type { Progress } from './item.ts'
import { listWaiting, lose } from './lose.ts'
import type { SyncStores } from './needs.ts'
import { type DisabledThere, type ItemReading, remember, type Work } from './reading.ts'
import { judgeLosses, type Loss, lossOf, type RemovalList } from './removals.ts'
import type { SyncRun } from './run-log.ts'
import type { Result } from './settle.ts'
import type { Tally } from './tally.ts'
import { type Pending, untangle, whoMayMove } from './untangle.ts'

type Read = {
  readings: readonly ItemReading[]
  owned: ReadonlySet<string>
  pending: readonly Pending[]
  disabled: ReadonlyMap<string, DisabledThere>
  /** What is wrong with each item that could not be read. */
  unread: ReadonlyMap<string, string>
  began: Date
  id: string
}

type End = Pick<SyncRun, 'counts' | 'error' | 'detail'> &
  Pick<Tally, 'findings'> & { outcome: 'done' | 'waiting' | 'failed' }

/** Removals bring along all that belongs to somebody. */
const LOSSES_IN_A_UNIT = 50
/** Names that are given around, within one unit of work; more than these are left to the next run. */
const MOST_TANGLED = 500

/** After everything could be read: names, then losses, and only then where the next run goes on. */
export async function finish(work: Work, read: Read): Promise<End> {
  const { needs, tally, dryRun } = work
  const conflicts = await giveNames(work, read.pending)
  const losses = lossesOf(work, read)
  const limit = needs.settings.current()['sync.removals']
  const standing = await needs.read.removals.lists()
  const verdict = judgeLosses(losses, standing, { limit, all: leavesNobody(work, read, losses) })

  const lost = dryRun ? verdict.now : await loseAll(work, verdict.now, standing)
  tally.losses(lost, 'done')
  tally.losses(verdict.waiting, 'waiting')
  const end = endOf(work, read, verdict.waiting)
  if (dryRun) return end

  const done = new Set(verdict.now.map(({ userId }) => userId))
  const left = [...read.disabled.values()].filter(({ userId }) => !done.has(userId))
  const again = [...conflicts, ...left]
  await work.unit(async (stores, now) => {
    await stillSaid(stores, standing)
    await listWaiting(needs, stores, verdict, now)
    for (const reading of read.readings)
      await stores.syncItems.advance(reading.item, progressOf(reading, again, read.began))
    await stores.syncRuns.end(read.id, end, now)
  })
  return end
}

function endOf({ tally: { counts, findings } }: Work, { unread }: Read, waiting: readonly Loss[]): End {
  const outcome = waiting.length > 0 ? 'waiting' : 'done'
  if (unread.size === 0) return { outcome, counts, findings, error: undefined, detail: undefined }
  return { outcome: 'failed', counts, findings, error: 'directory.missing', detail: [...unread.values()].join('; ') }
}

async function giveNames(work: Work, pending: readonly Pending[]): Promise<{ uid: string; item: string }[]> {
  const solved = new Set<string>()
  const tangled = pending.slice(0, MOST_TANGLED)
  for (const result of await untangled(work, tangled)) {
    remember(work, result)
    work.tally.person(result)
    if (result.did !== 'conflict') solved.add(result.person.uid)
  }
  return pending
    .filter(({ person }) => !solved.has(person.uid))
    .map(({ person, about }) => ({ uid: person.uid, item: about.item.id }))
}

async function untangled({ needs, dryRun, unit, mails }: Work, tangled: readonly Pending[]): Promise<Result[]> {
  if (tangled.length === 0) return []
  if (!dryRun) return unit((stores) => untangle(needs, stores, tangled, mails()))
  const movers = await whoMayMove(needs.read, tangled)
  const mayMove = new Set(movers.map(({ person }) => person))
  return tangled.map(({ person, result }) => (mayMove.has(person) ? { ...result, did: 'planned' } : result))
}

/** While an item cannot be read, whoever is gone from another may be in it: disabled they can come back, removed they cannot. */
function lossesOf({ known }: Work, { readings, owned, disabled, unread }: Read): Loss[] {
  const fates = new Map(
    readings.map(({ item }) => [item.id, unread.size > 0 ? ('disable' as const) : item.rules.vanished]),
  )
  const gone = [...known.values()].flatMap((user) => {
    const fate = user.item === undefined || owned.has(user.uid ?? '') ? undefined : fates.get(user.item)
    return (fate && lossOf(user, fate)) ?? []
  })
  return [...disabled.values(), ...gone]
}

/** An item that is empty and was not, or nobody of all who were synchronised. */
function leavesNobody({ known }: Work, { readings }: Read, losses: readonly Loss[]): boolean {
  if (losses.length === 0) return false
  const people = [...known.values()].filter(({ item, enabled }) => item !== undefined && enabled)
  const lost = new Set(losses.map(({ userId }) => userId))
  if (people.length > 0 && people.every(({ id }) => lost.has(id))) return true
  return readings.some(
    ({ isEmpty, item }) => isEmpty && people.some((user) => user.item === item.id && lost.has(user.id)),
  )
}

async function loseAll({ unit }: Work, losses: readonly Loss[], standing: readonly RemovalList[]): Promise<Loss[]> {
  const lost: Loss[] = []
  for (let at = 0; at < losses.length; at += LOSSES_IN_A_UNIT) {
    const some = losses.slice(at, at + LOSSES_IN_A_UNIT)
    const done = await unit(async (stores, now) => {
      await stillSaid(stores, standing)
      const those: Loss[] = []
      for (const loss of some) if (await lose(stores, loss, now)) those.push(loss)
      return those
    })
    lost.push(...done)
  }
  return lost
}

/** Whom an administrator keeps, or gives up, while they are judged is judged again. */
async function stillSaid({ removals }: SyncStores, standing: readonly RemovalList[]): Promise<void> {
  const said = (lists: readonly Pick<RemovalList, 'id' | 'state'>[]) =>
    JSON.stringify(lists.map(({ id, state }) => [id, state]))
  if (said(await removals.states()) !== said(standing)) throw new Interrupted()
}

function progressOf(
  { item, cursor, whole, setAside }: ItemReading,
  left: readonly { uid: string; item: string }[],
  began: Date,
): Progress {
  const again = left.filter((each) => each.item === item.id).map(({ uid }) => uid)
  return { cursor, readWholeAt: whole ? began : item.readWholeAt, again, setAside: [...setAside] }
}
