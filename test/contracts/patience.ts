/** Ours is shared by all that runs at once, on a machine that may be busy; tests of the patience itself have their own. */
export const PATIENT = { patience: { connect: 60_000, statement: 60_000, query: 60_000 } }
