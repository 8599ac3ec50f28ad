/** One message on its way. `to` is E.164, a mail address or the id of a device; `body` what its sender makes something of. */
export type Message = { id: string; to: string; body: string }

/**
 * Whoever takes messages of one kind. Resolves when the message has been taken. Throws AppError when it was not:
 * `delivery.unreachable` when there was no answer, `delivery.refused` when this one never will be taken, else
 * `delivery.failed`; whoever calls decides whether to try again.
 */
export interface Sender {
  readonly name: string
  /** How long one message may take, in milliseconds. */
  readonly sendMs?: number | undefined
  send(message: Message, signal: AbortSignal): Promise<void>
}
