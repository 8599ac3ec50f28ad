/** A text that a person sent back, as the core takes it. `from` is E.164; `providerId` names it among those of `provider`. */
export type Reply = { from: string; to: string; text: string; providerId: string; provider: string; at: Date }

/** Resolves when the reply is durable. */
export interface ReplySink {
  take(reply: Reply): Promise<void>
}

type Needs = { sink: ReplySink; now(): Date; patienceMs: number }

const MOST_AT_ONCE = 64
const MOST_REMEMBERED = 10_000
const REMEMBERED_MS = 24 * 60 * 60_000

type Seen = { since: number; taking: Promise<void> }

/** What became of a text on its way from the provider to the phone, as the core takes it. */
export type Receipt = { textId: string; provider: string; outcome: 'delivered' | 'failed'; at: Date }

/** Resolves when the receipt is durable. The same one may come again. */
export interface ReceiptSink {
  take(receipt: Receipt): Promise<void>
}

/** `later`: too many at once, or not done in time; the same reply may come again. Throws what the sink throws. */
export type Take = (reply: Reply) => Promise<'taken' | 'later'>

/**
 * Hands each reply to the sink once, however often a provider sends it and however many at once. What failed may come
 * again. It remembers so many for a day, on this node; the sink has the last word.
 */
export function takeOnce({ sink, now, patienceMs }: Needs): Take {
  const seen = new Map<string, Seen>()
  let underWay = 0

  function forgetOld(time: number): void {
    for (const [key, { since }] of seen) {
      if (seen.size < MOST_REMEMBERED && time - since < REMEMBERED_MS) return
      seen.delete(key)
    }
  }

  async function begin(reply: Reply, key: string): Promise<void> {
    underWay++
    try {
      await sink.take(reply)
    } catch (error) {
      seen.delete(key)
      throw error
    } finally {
      underWay--
    }
  }

  return async (reply) => {
    const key = JSON.stringify([reply.provider, reply.providerId])
    const time = now().getTime()
    forgetOld(time)
    const known = seen.get(key)
    if (!known && underWay >= MOST_AT_ONCE) return 'later'
    const taking = known?.taking ?? begin(reply, key)
    if (!known) seen.set(key, { since: time, taking })
    return within(patienceMs, taking)
  }
}

async function within(milliseconds: number, taking: Promise<void>): Promise<'taken' | 'later'> {
  const late = Promise.withResolvers<'later'>()
  const timer = setTimeout(() => late.resolve('later'), milliseconds)
  try {
    return await Promise.race([taking.then(() => 'taken' as const), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
