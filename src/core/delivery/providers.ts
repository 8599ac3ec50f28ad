import { AppError } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'
import { circuit } from './circuit.ts'
import type { DeliveryKind } from './queue.ts'
import type { Sender } from './sender.ts'

/** A provider was set aside, or takes messages again. */
export type CircuitChange = { kind: DeliveryKind; provider: string; open: boolean }

export type Providers = {
  readonly count: number
  /** In the order in which to ask them, judged at each step: as configured, and whoever rests last. */
  inOrder(): Iterable<Sender>
  failed(sender: Sender, error: unknown): void
  worked(sender: Sender): void
}

type Needs = { kind: DeliveryKind; clock: Clock; log: Log; onCircuit: (change: CircuitChange) => void }

export function providersOf(senders: readonly Sender[], { kind, clock, log, onCircuit }: Needs): Providers {
  const circuits = new Map(senders.map((sender) => [sender, circuit(clock)]))

  return {
    count: senders.length,
    *inOrder() {
      const resting: Sender[] = []
      for (const [sender, { isOpen, mayProbe }] of circuits) {
        if (!isOpen() || mayProbe()) yield sender
        else resting.push(sender)
      }
      yield* resting
    },
    failed(sender, error) {
      const gone = error instanceof AppError && error.code === 'delivery.unreachable'
      if (!circuits.get(sender)?.failed(gone)) return
      log.warn('A provider is set aside, and asked last until it is back', { kind, provider: sender.name })
      onCircuit({ kind, provider: sender.name, open: true })
    },
    worked(sender) {
      if (!circuits.get(sender)?.worked()) return
      log.info('A provider takes messages again', { kind, provider: sender.name })
      onCircuit({ kind, provider: sender.name, open: false })
    },
  }
}
