import type { Clock, Log } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { Delivery, DeliveryOutcome, DeliveryStore } from './delivery.ts'
import type { Providers } from './providers.ts'
import { type DeliveryKind, deliveryPlace } from './queue.ts'
import { type SendResult, sendByFirst } from './send-by-first.ts'

export type Outcome = { id: string; outcome: DeliveryOutcome; provider?: string | undefined }

export type Needs = {
  store: DeliveryStore
  /** Of each kind of delivery. */
  providers: Readonly<Record<DeliveryKind, Providers>>
  keyring: Pick<Sealing, 'open'>
  clock: Clock
  log: Log
  /** Of texts. */
  onOutcome: (outcome: Outcome) => void
}

/** `sendMs` is for each provider; `stop` gives the delivery back to the queue. */
type Limits = { sendMs: number; stop: AbortSignal }

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** Sends one claimed delivery and writes down what became of it. Throws when that cannot be written. */
export async function deliver(needs: Needs, delivery: Delivery, limits: Limits): Promise<void> {
  const { id, kind, to, deadline } = delivery
  const body = bodyOf(needs, delivery)
  if (body === undefined) return end(needs, delivery, 'failed')
  const sending = { providers: needs.providers[kind], clock: needs.clock, log: needs.log }
  await settle(needs, delivery, await sendByFirst(sending, { message: { id, to, body }, deadline, ...limits }))
}

function bodyOf({ keyring, log }: Needs, { id, sealedBody }: Delivery): string | undefined {
  try {
    return Buffer.from(keyring.open(sealedBody, deliveryPlace(id))).toString('utf8')
  } catch (error) {
    log.error('A message cannot be opened', { delivery: id }, error)
    return undefined
  }
}

async function settle(needs: Needs, delivery: Delivery, result: SendResult): Promise<void> {
  const now = needs.clock.now()
  switch (result.outcome) {
    case 'sent':
      return end(needs, delivery, 'sent', result.provider)
    case 'expired':
      return end(needs, delivery, 'expired')
    case 'stopped':
      return needs.store.retryAt(delivery, now)
    case 'refused': {
      const again = new Date(now.getTime() + pauseAfter(delivery.attempts))
      return again < delivery.deadline ? needs.store.retryAt(delivery, again) : end(needs, delivery, 'failed')
    }
  }
}

async function end(
  { store, clock, onOutcome }: Needs,
  { id, kind }: Delivery,
  outcome: DeliveryOutcome,
  provider?: string,
): Promise<void> {
  if ((await store.finish(id, outcome, provider, clock.now())) && kind === 'text') onOutcome({ id, outcome, provider })
}

/** 1, 2, 4, 8, 16 seconds, then every 30. */
function pauseAfter(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS)
}
