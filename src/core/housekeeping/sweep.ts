import type { LeaseStore } from '../leases/lease.ts'
import type { Clock, Log, Write } from '../ports.ts'
import { KNOWN_FOR_MS } from '../sign-in/known-address.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What is over, and how long it is kept from then on. The audit log is not among it: that is never swept. */
export const keptMs = {
  /** From when it would have expired, done or not. Clocks of several nodes differ a little. */
  'sign-in': HOUR,
  /** From when it would have expired, ended before or not. */
  session: 30 * DAY,
  /** From when its code expired. */
  challenge: 7 * DAY,
  /** From when its answer would have come too late; its calls go with it. */
  prompt: 7 * DAY,
  /** From when it came: a provider that sends it again does so within hours. */
  'taken-reply': 7 * DAY,
  'token-offer': HOUR,
  'passkey-challenge': HOUR,
  'directory-challenge': HOUR,
  activation: HOUR,
  /** From when it was activated, in a User Setup that was not finished. */
  'unsettled-device': DAY,
  /** From when its tries are forgotten. */
  throttle: HOUR,
  /** From when somebody last signed in there. */
  'known-address': KNOWN_FOR_MS,
  /** From when it was sent, or given up. */
  delivery: 30 * DAY,
} as const satisfies Record<string, number>

export type Leftover = keyof typeof keptMs

export interface Leftovers {
  /** Deletes at most so many rows of those that were over before then, and returns how many it were. */
  remove(what: Leftover, before: Date, most: number): Promise<number>
}

export type Sweeper = {
  /** Returns how many rows went, in the sweep that is under way if there is one; none if another node is at it. */
  sweepNow(): Promise<number>
  /** Stops after the batch under way. */
  close(): Promise<void>
}

type Stores = { leftovers: Leftovers; leases: LeaseStore }
type Needs = { write: Write<Stores>; clock: Clock; log: Log; holder: string }
type Options = { everyMs?: number; most?: number; leaseMs?: number }

const LEASE = 'sweep'

/** Deletes what is over: at once, and then every hour. In small batches, since on SQLite everyone waits for each. */
export function createSweeper(needs: Needs, options: Options = {}): Sweeper {
  const { everyMs = HOUR, most = 200, leaseMs = 5 * 60_000 } = options
  const { write, clock, log, holder } = needs
  let closed = false
  let underWay: Promise<number> | undefined
  const timer = setInterval(() => void tick(), everyMs)
  void tick()

  function sweepNow(): Promise<number> {
    underWay ??= sweepAll().finally(() => {
      underWay = undefined
    })
    return underWay
  }

  async function sweepAll(): Promise<number> {
    let total = 0
    for (const what of Object.keys(keptMs) as Leftover[]) {
      for (;;) {
        const count = closed ? undefined : await removeSome(what)
        if (count === undefined) return total
        total += count
        if (count < most) break
      }
    }
    return total
  }

  /** Undefined when another node holds the lease. */
  function removeSome(what: Leftover): Promise<number | undefined> {
    const now = clock.now()
    return write(async ({ leftovers, leases }) => {
      if (!(await leases.take(LEASE, holder, { now, until: new Date(now.getTime() + leaseMs) }))) return undefined
      return leftovers.remove(what, new Date(now.getTime() - keptMs[what]), most)
    })
  }

  async function tick(): Promise<void> {
    try {
      const rows = await sweepNow()
      if (rows > 0) log.info('What was over is deleted', { rows })
    } catch (error) {
      log.error('What is over could not be deleted; it is tried again in an hour', {}, error)
    }
  }

  async function close(): Promise<void> {
    closed = true
    clearInterval(timer)
    await underWay?.catch(() => {})
    await write(({ leases }) => leases.release(LEASE, holder)).catch(() => {})
  }

  return { sweepNow, close }
}
