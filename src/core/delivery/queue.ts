/** A code or notice to read, a call to place, a letter to mail, or a device of ours to wake up. */
export type DeliveryKind = 'text' | 'call' | 'mail' | 'push'

/** A message that waits for a provider. The body is sealed, and is cleared once the message ended. */
export type NewDelivery = {
  id: string
  kind: DeliveryKind
  /** E.164; of a mail, the address; of a push, the id of the device. */
  to: string
  sealedBody: string
  /** From then on it may go; at once unless given. */
  notBefore?: Date | undefined
  /** After this it is not sent any more: an expired code helps nobody. */
  deadline: Date
  createdAt: Date
  /** What is alike is paced under one key. `tells`: of how many events. */
  pace?: { key: string; tells: number } | undefined
}

/** One that waits for its time, and of how many events it tells. */
export type Waiting = { tells: number; notBefore: Date }

export type DeliveryState = 'queued' | 'sent' | 'failed' | 'expired'

/** `failing`: no provider took it the last time; it is tried again until its deadline. */
export type DeliveryProgress = DeliveryState | 'failing'

/** The side of the queue on which messages are put in, within the unit of work that wants them sent. */
export interface DeliveryQueue {
  enqueue(delivery: NewDelivery): Promise<void>
  progressOf(id: string): Promise<DeliveryProgress | undefined>
  /** How many of that pace were put in since then. */
  pacedSince(key: string, since: Date): Promise<number>
  /** Takes out the one of that pace that waits for its time, so that a newer one can stand for both. */
  takeBack(key: string, now: Date): Promise<Waiting | undefined>
}

/** The place a body is sealed for: moved to another row, it does not open. */
export function deliveryPlace(id: string): string {
  return `delivery/${id}/body`
}
