import type { LeaseStore } from '../leases/lease.ts'
import type { Clock, Log, Write } from '../ports.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { type Link, linksAfter, signedParts, start } from './chain.ts'
import type { AuditChain } from './chain-store.ts'

export type Sealer = {
  /** Chains what is committed now, unless another node is at it. Returns how many entries this call chained. */
  sealNow(): Promise<number>
  /** Seals once more. */
  close(): Promise<void>
}

type Stores = { chain: AuditChain; leases: LeaseStore }
type Needs = {
  write: Write<Stores>
  /** Outside a unit of work: where nothing waits, nothing is written. */
  waiting: Pick<AuditChain, 'unsealed'>
  keyring: Pick<Keyring, 'mac'>
  clock: Clock
  log: Log
  /** An id of this process. */
  holder: string
}
type Options = { everyMs?: number; most?: number; leaseMs?: number }
/** `began` and `ended` are where the chain was before the batch and after it. */
type Batch = { count: number; began: Link; ended: Link }

const LEASE = 'audit-seal'

/**
 * Chains the audit log about every second.
 *
 * Entries are written unchained, in the unit of work of what they record: a chain made there would be one lock for all.
 * One node at a time, by a lease, gives them their places afterwards. An entry whose commit comes late has a lower
 * sequence than ones already sealed, and is simply sealed later. A batch and its signed checkpoint are one unit of work,
 * so a node that dies leaves a chain that ends with a checkpoint.
 */
export function createSealer(needs: Needs, options: Options = {}): Sealer {
  const { everyMs = 1_000, most = 500, leaseMs = 10_000 } = options
  const { write, waiting, log, holder } = needs
  let seen = start
  let failing = false
  let idle = true
  let turn: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => idle && void tick(), everyMs)

  function sealNow(): Promise<number> {
    const sealed = turn.then(sealAll)
    turn = sealed.catch(() => {})
    return sealed
  }

  async function sealAll(): Promise<number> {
    if ((await waiting.unsealed(1)).length === 0) return 0
    let count = 0
    for (;;) {
      const batch = await write((stores) => sealBatch(needs, stores, { most, leaseMs }))
      if (!batch) return count
      // A database can lose what it acknowledged, and somebody can cut the log: this process remembers how far it was.
      if (batch.began.position < seen.position) {
        log.error('The audit log is shorter than it was', { was: seen.position, is: batch.began.position })
      }
      seen = batch.ended
      count += batch.count
      if (batch.count < most) return count
    }
  }

  /** Told once, not every second. */
  async function tick(): Promise<void> {
    idle = false
    try {
      await sealNow()
      failing = false
    } catch (error) {
      if (!failing) log.error('The audit log could not be sealed; it is tried again', {}, error)
      failing = true
    }
    idle = true
  }

  async function close(): Promise<void> {
    clearInterval(timer)
    await tick()
    await write(({ leases }) => leases.release(LEASE, holder)).catch(() => {})
  }

  return { sealNow, close }
}

type Limits = { most: number; leaseMs: number }

/** Undefined when another node holds the lease. */
async function sealBatch(
  { keyring, clock, holder }: Needs,
  { chain, leases }: Stores,
  { most, leaseMs }: Limits,
): Promise<Batch | undefined> {
  const now = clock.now()
  if (!(await leases.take(LEASE, holder, { now, until: new Date(now.getTime() + leaseMs) }))) return undefined

  const began = (await chain.head()) ?? start
  const batch = linksAfter(began, await chain.unsealed(most))
  const last = batch.at(-1)
  if (!last) return { count: 0, began, ended: began }

  const { position, hash } = last
  const ended = { position, hash, at: now.getTime() }
  if ((await chain.seal(batch)) !== batch.length) throw new Error('An entry of the audit was sealed by somebody else.')
  await chain.addCheckpoint({ ...ended, mac: keyring.mac(...signedParts(ended)) })
  return { count: batch.length, began, ended }
}
