import type { Clock } from '../ports.ts'

type Needs = { clock: Clock; sleep(ms: number): Promise<void>; lookEveryMs?: number }

/** How often a waiting page's state is looked at. Rows are read by their key, so that a thousand waiting pages cost little. */
const LOOK_EVERY_MS = 500

/**
 * Answers when what `look` sees has another stamp than `stamp`, at the latest after `seconds`. It looks at the database
 * rather than listen in this process: whatever changed it may have happened on another node.
 */
export async function awaitChange<View extends { stamp: string }>(
  { clock, sleep, lookEveryMs = LOOK_EVERY_MS }: Needs,
  { stamp, seconds }: { stamp: string; seconds: number },
  look: () => Promise<View | undefined>,
): Promise<View | undefined> {
  const deadline = clock.now().getTime() + seconds * 1_000
  for (;;) {
    const view = await look()
    if (!view || view.stamp !== stamp || clock.now().getTime() >= deadline) return view
    await sleep(lookEveryMs)
  }
}
