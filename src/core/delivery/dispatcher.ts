import type { Clock, Log } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { type Needs as Delivering, deliver, type Outcome } from './deliver.ts'
import type { Delivery, DeliveryStore } from './delivery.ts'
import { type CircuitChange, providersOf } from './providers.ts'
import type { DeliveryKind } from './queue.ts'
import type { Sender } from './sender.ts'

export type Dispatcher = {
  /** Says that something was put into the queue, so that it need not wait for the next look. */
  nudge(): void
  /** Takes no more, gives what is under way `graceMs`, and gives the rest back to the queue. */
  close(): Promise<void>
}

type Needs = {
  store: DeliveryStore
  /** Of each kind the first is asked first, the next one when it fails. Kinds that are not named are left to others. */
  senders: Readonly<Partial<Record<DeliveryKind, readonly Sender[]>>>
  keyring: Pick<Sealing, 'open'>
  clock: Clock
  log: Log
  /** Told once for each text that ended, on the node that ended it. */
  onOutcome?: ((outcome: Outcome) => void) | undefined
  /** Told when a provider is set aside on this node, and when it is back. */
  onCircuit?: ((change: CircuitChange) => void) | undefined
}

/**
 * How often to look, how many at once, how long a provider may take that does not say so itself, how long a claim lasts
 * beyond that, how long to wait on closing.
 */
type Options = {
  pollMs?: number | undefined
  most?: number
  sendMs?: number
  toWriteMs?: number | undefined
  graceMs?: number
}

/** Between the end of the last send and the end of the claim, for writing down what became of it. */
const TO_WRITE_MS = 5_000

/**
 * Sends what is in the queue: at least once, and never after its deadline.
 *
 * Several of these may work on one database. A delivery is claimed, sent and ended; whoever dies in between loses the
 * claim after a while, and another sends it again if its deadline allows.
 */
export function createDispatcher(needs: Needs, options: Options = {}): Dispatcher {
  const { pollMs = 1_000, most = 16, sendMs = 10_000, toWriteMs = TO_WRITE_MS, graceMs = 5_000 } = options
  const { store, senders, clock, log, onOutcome = () => {}, onCircuit = () => {} } = needs
  const kinds = Object.keys(senders) as DeliveryKind[]
  const providers = Object.fromEntries(
    kinds.map((kind) => [kind, providersOf(senders[kind] ?? [], { kind, clock, log, onCircuit })]),
  )
  const delivering: Delivering = { ...needs, providers, onOutcome }
  // Long enough to ask all of a kind, one after the other.
  const askingAll = (kind: DeliveryKind) =>
    (senders[kind] ?? []).reduce((sum, sender) => sum + (sender.sendMs ?? sendMs), 0)
  const claimMs = Math.max(sendMs, ...kinds.map(askingAll)) + toWriteMs
  const stop = new AbortController()
  const underWay = new Set<Promise<void>>()
  let looking: Promise<void> | undefined
  let lookAgain = false
  let closed = false
  const timer = setInterval(nudge, pollMs)

  function nudge(): void {
    if (closed) return
    lookAgain = true
    looking ??= look().finally(() => {
      looking = undefined
    })
  }

  async function look(): Promise<void> {
    try {
      while (lookAgain && !closed) {
        lookAgain = false
        for (const { id, kind } of await store.expire(clock.now())) {
          if (kind === 'text') onOutcome({ id, outcome: 'expired' })
          if (kind === 'mail') log.warn('A mail was not sent in time', { delivery: id })
        }
        await takeWhatIsDue()
      }
    } catch (error) {
      // The next look comes with the timer.
      log.error('The queue of deliveries cannot be read', {}, error)
    }
  }

  async function takeWhatIsDue(): Promise<void> {
    const room = most - underWay.size
    if (room === 0) return
    const now = clock.now()
    const claimed = await store.claim({ kinds, now, until: new Date(now.getTime() + claimMs), most: room })
    // When all places are taken there may be more: whoever is done first looks again.
    for (const delivery of claimed) start(delivery, () => claimed.length === room && nudge())
  }

  function start(delivery: Delivery, done: () => void): void {
    const work = deliver(delivering, delivery, { sendMs, stop: stop.signal })
      // The claim runs out, and it is sent again: twice rather than not at all.
      .catch((error) => log.error('What became of a delivery is not written down', { delivery: delivery.id }, error))
      .finally(() => {
        underWay.delete(work)
        done()
      })
    underWay.add(work)
  }

  async function close(): Promise<void> {
    closed = true
    clearInterval(timer)
    await looking
    const grace = setTimeout(() => stop.abort(), graceMs)
    await Promise.all(underWay)
    clearTimeout(grace)
  }

  return { nudge, close }
}
