export type Term = { now: Date; until: Date }

/** Work that one node at a time does for all of them. */
export interface LeaseStore {
  /**
   * Takes the lease when it is free or over, or renews one's own, in one statement. One that ends twice as far ahead as is
   * asked for counts as over. True for the holder. Taken first in
   * a unit of work it also keeps everyone else out until that unit has ended, however long that takes and whatever
   * their clocks say.
   */
  take(name: string, holder: string, term: Term): Promise<boolean>
  /** Gives it back before its end, so that another need not wait. Of somebody else's lease nothing changes. */
  release(name: string, holder: string): Promise<void>
}
