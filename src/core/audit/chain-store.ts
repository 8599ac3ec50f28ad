import type { Checkpoint, Entry, Link, Sealed } from './chain.ts'

/** What sealing needs of storage, within a unit of work. */
export interface AuditChain {
  /** The newest checkpoint: a batch and its checkpoint are one unit of work, so the chain ends there. */
  head(): Promise<Link | undefined>
  /** Entries without a position, in the order of their sequence. */
  unsealed(most: number): Promise<Entry[]>
  /** Gives the entries their places. Returns how many had none before. */
  seal(batch: readonly Sealed[]): Promise<number>
  addCheckpoint(checkpoint: Checkpoint): Promise<void>
}

/** What verifying needs of storage. Positions after `after`, up to and with `upTo`, in order. */
export interface SealedLog {
  /** As of one moment. `chained`: the highest position of an entry, `signed`: that of a checkpoint; 0 for none. */
  extent(): Promise<{ signed: number; chained: number; unsealed: number }>
  entries(range: Range, most: number): Promise<Sealed[]>
  checkpoints(range: Range): Promise<Checkpoint[]>
}

export type Range = { after: number; upTo: number }
