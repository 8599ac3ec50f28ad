/** A text that a person sent back. `from` is E.164; `to` is the number or short code it was sent to. */
export type Reply = {
  from: string
  to: string
  text: string
  /** Names this text among those of `provider`: the same one again is the same text, sent again. */
  providerId: string
  provider: string
  at: Date
}

/** Resolves when the reply is durable: only then is it acknowledged, and a provider that was told nothing sends it again. */
export interface ReplySink {
  take(reply: Reply): Promise<void>
}

/** What became of a text on its way from the provider to the phone. `textId` is the `id` it was sent with. */
export type Receipt = { textId: string; provider: string; outcome: 'delivered' | 'failed'; at: Date }

/** Resolves when the receipt is durable. The same one may come again. */
export interface ReceiptSink {
  take(receipt: Receipt): Promise<void>
}

/**
 * A provider over whose own connection something comes back. Until `receive` was called it is asked to keep replies for
 * later.
 */
export interface Replies {
  receive(sinks: { replies: ReplySink; receipts?: ReceiptSink | undefined }): void
}
