import type { DeliveryKind, DeliveryState } from './queue.ts'

/** One message that waits to be sent, claimed by one dispatcher for a while. */
export type Delivery = {
  id: string
  kind: DeliveryKind
  /** E.164; of a mail, the address; of a push, the id of the device. */
  to: string
  /** What the person will read, or whom to call and how; sealed at `deliveryPlace(id)`. */
  sealedBody: string
  /** From then on it is not sent any more: what it says has expired. */
  deadline: Date
  /** How often it was claimed, this time included. */
  attempts: number
}

export type DeliveryOutcome = Exclude<DeliveryState, 'queued'>

/** The side of the queue on which messages are taken out. */
export interface DeliveryStore {
  /**
   * Takes up to `most` deliveries of these kinds that are due and whose deadline is not over, for the caller alone until
   * `until` or their deadline. One whose claim ran out is taken again: whoever had it may have died.
   */
  claim(claim: { kinds: readonly DeliveryKind[]; now: Date; until: Date; most: number }): Promise<Delivery[]>
  /** Ends it and clears its body. True for exactly one caller. `provider` is who took it; undefined if nobody did. */
  finish(id: string, outcome: DeliveryOutcome, provider: string | undefined, now: Date): Promise<boolean>
  /** Gives it back, due at `when`. Does nothing when somebody else has claimed it since. */
  retryAt(delivery: Pick<Delivery, 'id' | 'attempts'>, when: Date): Promise<void>
  /** Ends everything past its deadline, clears the bodies, and answers what it was. */
  expire(now: Date): Promise<Pick<Delivery, 'id' | 'kind'>[]>
}
