import type { ReplySink } from '../../../core/delivery/replies.ts'
import type { Clock, Ids } from '../../../core/ports.ts'

/** A text that somebody sent back from a phone of the demo. `from` is the number as it was given, `at` ISO 8601. */
export type SimulatedReply = { id: string; from: string; text: string; at: string }

export interface SimulatedReplies {
  /** Newest first. */
  replies(): SimulatedReply[]
  /**
   * Brings a text as a provider would. Resolves when it was taken; rejects when it is to be brought again. The same `id`
   * is the same text, sent again.
   */
  reply(reply: { from: string; text: string; id?: string | undefined }): Promise<void>
  /** Called after each reply; what comes back ends it. */
  subscribe(listener: () => void): () => void
}

type Needs = { sink: ReplySink; clock: Clock; ids: Ids }

const MOST_KEPT = 200
/** What texts of the demo are sent from. */
const SHORT_CODE = '12345'

/** The way back from the phones of the demo. */
export function replySimulator({ sink, clock, ids }: Needs): SimulatedReplies {
  const kept: SimulatedReply[] = []
  const listeners = new Set<() => void>()

  return {
    replies: () => [...kept],
    async reply({ from, text, id = ids.next() }) {
      const now = clock.now()
      if (!kept.some((one) => one.id === id)) kept.unshift({ id, from, text, at: now.toISOString() })
      kept.length = Math.min(kept.length, MOST_KEPT)
      for (const listener of [...listeners]) listener()
      await sink.take({ from, to: SHORT_CODE, text, providerId: id, provider: 'simulator', at: now })
    },
    subscribe(listener) {
      // Its own entry for each call, so that the same function may listen twice.
      const entry = () => listener()
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
  }
}
