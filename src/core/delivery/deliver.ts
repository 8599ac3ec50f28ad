import type { Clock, Log } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { Delivery, DeliveryOutcome, DeliveryStore } from './delivery.ts'
import type { Providers } from './providers.ts'
import { type DeliveryKind, deliveryPlace } from './queue.ts'
import { type SendResult, sendByFirst } from './send-by-first.ts'

export type Outcome = { id: string; outcome: DeliveryOutcome; provider?: string | undefined }

export type Needs = {
  store: DeliveryStore
  /** Of each kind that is claimed. */
  providers: Readonly<Partial<Record<DeliveryKind, Providers>>>
  keyring: Pick<Sealing, 'open'>
  clock: Clock
  log: Log
  /** Of texts. */
  onOutcome: (outcome: Outcome) => void
}

/** `sendMs` is for a provider that has no limit of its own; `stop` gives the delivery back to the queue. */
type Limits = { sendMs: number; stop: AbortSignal }

const FIRST_PAUSE_MS = 1_000
/** A code is soon worth nothing. A mail server that asks for patience (RFC 5321 section 4.5.4.1) means minutes. */
const longestPauseMs = {
  text: 30_000,
  call: 30_000,
  push: 30_000,
  mail: 15 * 60_000,
} as const satisfies Record<DeliveryKind, number>

/** Sends one claimed delivery and writes down what became of it. Throws when that cannot be written. */
export async function deliver(needs: Needs, delivery: Delivery, limits: Limits): Promise<void> {
  const { id, kind, to, deadline } = delivery
  const body = bodyOf(needs, delivery)
  const providers = needs.providers[kind]
  if (body === undefined || !providers) return end(needs, delivery, 'failed')
  const sending = { providers, clock: needs.clock, log: needs.log }
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
      if (result.forGood) return end(needs, delivery, 'failed')
      const again = new Date(now.getTime() + pauseAfter(delivery))
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

/** 1, 2, 4, 8, 16 seconds and so on, up to the longest. */
function pauseAfter({ attempts, kind }: Delivery): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), longestPauseMs[kind])
}
