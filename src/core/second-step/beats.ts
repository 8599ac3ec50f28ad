import type { Write } from '../ports.ts'

type Beats<Stores, Spent, Found, End> = {
  /** Takes the try, durably, before anything is looked at. With an `end` nothing is looked at. */
  spend(stores: Stores): Promise<{ spent: Spent } | { end: End }>
  /** A hash's work, or several: outside of any unit of work, which is not to be held up by it. */
  work(spent: Spent): Promise<Found>
  /** Judges what else there is, spends what was right by one conditional statement, and says what came of it. */
  conclude(stores: Stores, spent: Spent, found: Found): Promise<End>
}

/**
 * An answer that takes a hash's work to judge, in three beats: spend the try, work, conclude. Whatever happens between
 * them (the process ends, the queue of hashes is full) the try stays spent, and nothing else is.
 */
export async function inBeats<Stores, Spent, Found, End>(
  write: Write<Stores>,
  { spend, work, conclude }: Beats<Stores, Spent, Found, End>,
): Promise<End> {
  const begun = await write(spend)
  if ('end' in begun) return begun.end
  const found = await work(begun.spent)
  return write((stores) => conclude(stores, begun.spent, found))
}
