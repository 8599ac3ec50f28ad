import type { Finding, RunCounts } from '../../contract/operate-sync.ts'
import { AppError } from '../errors.ts'
import { finish } from './finish.ts'
import { Interrupted } from './interrupted.ts'
import { isSameItems, type SyncItem } from './item.ts'
import type { SyncNeeds, SyncStores } from './needs.ts'
import type { Known } from './person.ts'
import { type ItemReading, itemReader, type Work } from './reading.ts'
import { noCounts, type RunBy } from './run-log.ts'
import type { PeopleSource } from './source.ts'
import { newTally, type Tally } from './tally.ts'

export type Ask = {
  by: RunBy
  whole: boolean
  /** The id of an item that is read whole. */
  item?: string | undefined
  dryRun: boolean
  /** Looked at again once this node holds the lease: another may just have been at it. */
  isDue?: ((stores: Pick<SyncStores, 'syncRuns' | 'syncItems'>) => Promise<boolean>) | undefined
  /** True once the run is to end. */
  isStopped?: (() => boolean) | undefined
}
export type Report = {
  outcome: 'done' | 'waiting' | 'failed'
  counts: RunCounts
  findings: Finding[]
  error?: string | undefined
  /** Which item, which server: for the operator. */
  detail?: string | undefined
}

const HOUR = 3_600_000
const LEASE = 'sync'
/** A node that died is taken over from after so long. */
const LEASE_MS = 5 * 60_000
const RENEW_MS = 30_000
const RUNS_KEPT_MS = 90 * 24 * HOUR
const RUNS_TOLD = 50

/**
 * Brings the users to what the directory says now. A reading that fails leaves what was done before it, and takes nothing
 * away from anybody. Busy when another node is at it.
 */
export async function synchronise(needs: SyncNeeds, ask: Ask): Promise<Report | 'busy'> {
  const { source, read, write, clock, ids } = needs
  if (!source) throw new AppError('directory.unreachable', { detail: 'people cannot be read' })
  const holder = ids.next()
  const lease = (stores: SyncStores) => takeLease(stores, holder, clock.now())
  const id = ids.next()
  const items = ask.dryRun
    ? await read.syncItems.list()
    : await write(async (stores) => (await lease(stores)) && begin(stores, { id, holder }, ask, clock.now()))
  if (!items) return 'busy'

  const tally = newTally(needs.settings.current()['sync.mail_notices'])
  let renewed = clock.now().getTime()
  const held: Work['unit'] = (run) =>
    write(async (stores) => {
      // Somebody else may have had the lease in between, and given it back.
      if (!((await lease(stores)) && (await stores.syncRuns.isOpen(id)))) throw new Interrupted()
      return run(stores, clock.now())
    })
  const unit: Work['unit'] = (run) =>
    held(async (stores, now) => {
      // Whom an item takes, or what becomes of them, may be put right while it is read.
      if (!isSameItems(await stores.syncItems.hold(), items)) throw new Interrupted()
      return run(stores, now)
    })
  const goOn = async () => {
    await needs.pause()
    if (ask.isStopped?.()) throw new Interrupted()
    if (ask.dryRun || clock.now().getTime() - renewed < RENEW_MS) return
    await unit(async () => {})
    renewed = clock.now().getTime()
  }
  try {
    return await work(needs, { source: source.people, kind: source.kind }, { ask, id, items, tally, unit, goOn })
  } catch (error) {
    const failure = error instanceof AppError ? error.code : error instanceof Interrupted ? 'interrupted' : undefined
    const detail = error instanceof AppError ? error.detail : undefined
    const { counts, findings } = tally
    const end = { outcome: 'failed' as const, counts, findings, error: failure ?? 'defect', detail }
    if (!ask.dryRun) await held(({ syncRuns }, now) => syncRuns.end(id, end, now)).catch(() => {})
    if (failure === undefined) throw error
    return end
  } finally {
    if (!ask.dryRun) await write(({ leases }) => leases.release(LEASE, holder)).catch(() => {})
  }
}

function takeLease({ leases }: SyncStores, holder: string, now: Date): Promise<boolean> {
  return leases.take(LEASE, holder, { now, until: new Date(now.getTime() + LEASE_MS) })
}

/** Returns what is to be read, in this order. */
async function begin(
  stores: SyncStores,
  { id, holder }: { id: string; holder: string },
  { by, whole, isDue }: Ask,
  now: Date,
): Promise<SyncItem[] | undefined> {
  const { syncItems, syncRuns, leases } = stores
  if (isDue && !(await isDue(stores))) {
    await leases.release(LEASE, holder)
    return undefined
  }
  await syncRuns.endBroken(now)
  await syncRuns.forget(new Date(now.getTime() - RUNS_KEPT_MS), 500)
  await syncRuns.forgetFindings(RUNS_TOLD)
  await syncRuns.begin({ id, by, whole, beganAt: now, counts: noCounts })
  return syncItems.list()
}

type Running = Pick<Work, 'unit' | 'goOn'> & { ask: Ask; id: string; items: readonly SyncItem[]; tally: Tally }

async function work(
  needs: SyncNeeds,
  from: { source: PeopleSource } & Pick<Work, 'kind'>,
  { ask, id, items, ...running }: Running,
): Promise<Report> {
  const settings = needs.settings.current()
  const began = needs.clock.now()
  const whole = wholeFor(ask, settings['sync.whole_hours'], began)
  const known = await knownPeople(needs, from.kind)
  const numbering = { country: settings['company.country'], countries: settings['phone.countries'] }
  const mails = () => ({ seen: running.tally.mailChanges(), most: settings['sync.mail_notices'] })
  const all: Work = { needs, ...from, ...running, numbering, mails, known, dryRun: ask.dryRun, foreseen: new Set() }

  const reader = itemReader(all)
  const readings: ItemReading[] = []
  for (const item of items) {
    const reading = await reader.read(item, whole(item))
    if (reading) readings.push(reading)
  }
  return finish(all, { ...reader, readings, began, id })
}

function wholeFor({ whole, item: named }: Ask, hours: number, now: Date): (item: SyncItem) => boolean {
  return ({ id, cursor, readWholeAt }) =>
    whole ||
    id === named ||
    cursor === undefined ||
    !readWholeAt ||
    // A time to come is of a clock that was ahead, and was put right.
    Math.abs(now.getTime() - readWholeAt.getTime()) >= hours * HOUR
}

const PAGE = 200

async function knownPeople({ read: { people }, pause }: SyncNeeds, kind: Work['kind']): Promise<Map<string, Known>> {
  const known = new Map<string, Known>()
  for (let after = ''; ; ) {
    const page = await people.page(kind, after, PAGE)
    for (const user of page) if (user.uid !== undefined) known.set(user.uid, user)
    const last = page.at(-1)?.uid
    if (last === undefined || page.length < PAGE) return known
    after = last
    await pause()
  }
}
