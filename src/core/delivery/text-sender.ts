/** One text message on its way to one phone. `to` is E.164, `body` what the person reads. */
export type Text = { id: string; to: string; body: string }

/**
 * The port for a provider of text messages. Resolves when the provider has taken the message.
 * Throws AppError `delivery.failed` when it did not; whoever calls decides whether to try again.
 */
export interface TextSender {
  readonly name: string
  send(text: Text, signal: AbortSignal): Promise<void>
}
