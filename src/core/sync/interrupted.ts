/**
 * A run is to end: another node was given the lease, this one stops, or what the run rests on is not so any more. What was
 * committed stays; the next run goes on.
 */
export class Interrupted extends Error {}
