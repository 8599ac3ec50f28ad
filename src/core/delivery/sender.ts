/** One message on its way. `to` is E.164, or a mail address; `body` what its kind of sender makes something of. */
export type Message = { id: string; to: string; body: string }

/**
 * Whoever takes messages of one kind. Resolves when the message has been taken. Throws AppError `delivery.failed` when it
 * was not, and whoever calls decides whether to try again; `delivery.refused` when this one never will be.
 */
export interface Sender {
  readonly name: string
  send(message: Message, signal: AbortSignal): Promise<void>
}
