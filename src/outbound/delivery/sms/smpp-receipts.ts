import type { Receipt, ReceiptSink } from '../../../core/delivery/replies.ts'
import type { Clock } from '../../../core/ports.ts'
import type { SmppReceipt } from '../../../protocols/smpp-receipt.ts'
import type { SmppConfig } from './smpp-config.ts'

export type SmppReceipts = {
  /** A text of so many messages is on its way; call what comes back with the id of each that the centre took. */
  sending(textId: string, messages: number): (messageId: string) => void
  /** Resolves when what it says about a text, if anything, was taken. Throws what the sink throws. */
  take(receipt: SmppReceipt): Promise<void>
  listen(sink: ReceiptSink): void
}

type Needs = { provider: string; clock: Clock; receiptIds: SmppConfig['receiptIds'] }
type Sending = { textId: string; messages: number; ids: Set<string>; delivered: Set<string> }

/** What waits for its receipts; the oldest is forgotten first. A receipt that nobody waits for changes nothing. */
const MOST_AWAITED = 20_000
/** Receipts that came before the answer that names their message. */
const MOST_EARLY = 200

/**
 * Knows texts by the message ids of the centre, on this node and since its start: delivered when all their messages
 * are, failed when one is.
 */
export function smppReceipts({ provider, clock, receiptIds = 'same' }: Needs): SmppReceipts {
  const awaited = new Map<string, Sending>()
  const early = new Map<string, SmppReceipt>()
  let sink: ReceiptSink = { take: async () => {} }

  async function take(receipt: SmppReceipt): Promise<void> {
    if (receipt.outcome === 'pending') return
    const id = idOf(receipt.messageId)
    const sending = awaited.get(id)
    if (!sending) return keep(early, id, receipt, MOST_EARLY)
    if (receipt.outcome === 'delivered') sending.delivered.add(id)
    const outcome = outcomeOf(sending, receipt)
    if (!outcome) return
    await sink.take({ textId: sending.textId, provider, outcome, at: clock.now() })
    // Not before: what was not taken comes again.
    for (const part of sending.ids) awaited.delete(part)
  }

  function tookAs(sending: Sending, messageId: string): void {
    if (messageId === '') return
    const id = translations[receiptIds](idOf(messageId))
    sending.ids.add(id)
    keep(awaited, id, sending, MOST_AWAITED)
    const receipt = early.get(id)
    if (!receipt || !early.delete(id)) return
    // It was acknowledged when it came; there is nobody left to tell that this did not work.
    take(receipt).catch(() => {})
  }

  return {
    take,
    listen: (given) => {
      sink = given
    },
    sending(textId, messages) {
      const sending = { textId, messages, ids: new Set<string>(), delivered: new Set<string>() }
      return (messageId) => tookAs(sending, messageId)
    },
  }
}

function outcomeOf({ messages, delivered }: Sending, { outcome }: SmppReceipt): Receipt['outcome'] | undefined {
  if (outcome === 'failed') return 'failed'
  return delivered.size === messages ? 'delivered' : undefined
}

/** Centres write one number with and without leading zeros, in either case. */
function idOf(messageId: string): string {
  return messageId
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, '')
}

const translations = {
  same: (id: string) => id,
  decimal: (id: string) => (/^[0-9a-f]+$/.test(id) ? BigInt(`0x${id}`).toString() : id),
  hexadecimal: (id: string) => (/^\d+$/.test(id) ? BigInt(id).toString(16) : id),
}

function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
