import type { Log } from '../ports.ts'
import type { SyncNeeds, SyncStores } from './needs.ts'
import { synchronise } from './run.ts'

const MINUTE = 60_000

export type SyncSchedule = {
  /** Synchronises if it is time for it. True when it did. */
  tickNow(): Promise<boolean>
  /** Ends the run under way after its page. */
  close(): Promise<void>
}

/**
 * From the start of one run to the start of the next, whoever began it and on whatever node: nodes look often, and one of
 * them takes it. Whoever finds that a run took longer than that begins the next at once. After an item was added or changed
 * as long passes again: whoever did that may still be looking at what would come of it.
 */
export function createSyncSchedule(needs: SyncNeeds & { log: Log }, { everyMs = 10_000 } = {}): SyncSchedule {
  const { source, read, settings, clock, log } = needs
  let isClosed = false
  let underWay: Promise<boolean> | undefined
  const timer = source && setInterval(() => void tick(), everyMs)

  function tickNow(): Promise<boolean> {
    underWay ??= runIfDue().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  async function runIfDue(): Promise<boolean> {
    if (isClosed || !source || !settings.current()['sync.automatic']) return false
    if (!(await isDue(read))) return false
    const ask = { by: 'schedule', whole: false, dryRun: false, isDue, isStopped: () => isClosed } as const
    const report = await synchronise(needs, ask)
    if (report === 'busy') return false
    const { outcome, error, detail, counts } = report
    if (outcome === 'failed')
      log.error('People could not be synchronised; it is tried again', { error, detail, ...counts })
    else if (outcome === 'waiting') log.warn('Users wait for approval to be disabled or removed', counts)
    return true
  }

  async function isDue({ syncRuns, syncItems }: Pick<SyncStores, 'syncRuns' | 'syncItems'>): Promise<boolean> {
    const items = await syncItems.list()
    if (items.length === 0) return false
    const now = clock.now().getTime()
    const interval = settings.current()['sync.minutes'] * MINUTE
    // What is later than that is of a clock that was ahead, and was put right: nobody waits until it is true.
    const [last] = await syncRuns.newest(1, new Date(now + interval))
    const times = [last?.beganAt, ...items.map(({ changedAt }) => changedAt)].map((time) => time?.getTime() ?? 0)
    return times.every((time) => now - time >= interval || time > now + interval)
  }

  async function tick(): Promise<void> {
    try {
      await tickNow()
    } catch (error) {
      log.error('People could not be synchronised; it is tried again', {}, error)
    }
  }

  async function close(): Promise<void> {
    isClosed = true
    clearInterval(timer)
    await underWay?.catch(() => {})
  }

  return { tickNow, close }
}
