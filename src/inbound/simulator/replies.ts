/** A text that somebody sent back from a phone of the demo. `from` is the number as it was given, `at` ISO 8601. */
export type SimulatedReply = { id: string; from: string; text: string; at: string }

/** What this door needs for texts that phones send. */
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

/** As long as providers bring them, and longer: what is too long for an answer is to be tried too. */
export const LONGEST_REPLY = 12_000
