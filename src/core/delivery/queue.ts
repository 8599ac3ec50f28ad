/** A code or notice to read, or a call to place. */
export type DeliveryKind = 'text' | 'call'

/** A message that waits for a provider. The body is sealed, and is cleared once the message ended. */
export type NewDelivery = {
  id: string
  kind: DeliveryKind
  /** E.164. */
  to: string
  sealedBody: string
  /** After this it is not sent any more: an expired code helps nobody. */
  deadline: Date
  createdAt: Date
}

export type DeliveryState = 'queued' | 'sent' | 'failed' | 'expired'

/** `failing`: no provider took it the last time; it is tried again until its deadline. */
export type DeliveryProgress = DeliveryState | 'failing'

/** The side of the queue on which messages are put in, within the unit of work that wants them sent. */
export interface DeliveryQueue {
  enqueue(delivery: NewDelivery): Promise<void>
  progressOf(id: string): Promise<DeliveryProgress | undefined>
}

/** The place a body is sealed for: moved to another row, it does not open. */
export function deliveryPlace(id: string): string {
  return `delivery/${id}/body`
}
