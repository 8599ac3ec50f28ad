import type { Clock } from '../ports.ts'
import type { Sender } from './sender.ts'

export type Providers = {
  readonly count: number
  /** In the order in which to ask them. */
  inOrder(): Sender[]
  failed(sender: Sender): void
  worked(sender: Sender): void
}

const BACK_OF_THE_QUEUE_MS = 30_000

/** As configured, except that whoever failed lately is asked last: one that hangs costs one wait, not one a text. */
export function providersOf(senders: readonly Sender[], clock: Clock): Providers {
  const failedAt = new Map<Sender, number>()

  return {
    count: senders.length,
    inOrder() {
      const since = clock.now().getTime() - BACK_OF_THE_QUEUE_MS
      const failedLately = (sender: Sender) => (failedAt.get(sender) ?? 0) > since
      return [...senders.filter((sender) => !failedLately(sender)), ...senders.filter(failedLately)]
    },
    failed: (sender) => void failedAt.set(sender, clock.now().getTime()),
    worked: (sender) => void failedAt.delete(sender),
  }
}
