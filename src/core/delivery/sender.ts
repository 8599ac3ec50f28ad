/** One message on its way to one phone. `to` is E.164, `body` what its kind of sender makes something of. */
export type Message = { id: string; to: string; body: string }

/**
 * Whoever takes messages of one kind. Resolves when the message has been taken. Throws AppError `delivery.failed` when it
 * was not; whoever calls decides whether to try again.
 */
export interface Sender {
  readonly name: string
  send(message: Message, signal: AbortSignal): Promise<void>
}
