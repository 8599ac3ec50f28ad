import type { PageRequest } from '../web/http.ts'
import type { EventRun } from '../web/sse.ts'
import { TurnedAway } from './portal.ts'

/** One long question to the engine; shorter than what proxies in between put up with. */
const LOOK_SECONDS = 20
/** The contract's; the engine's own stamps are shorter. */
const LONGEST_STAMP = 200

/**
 * Tells the page that it has something new to say, as often as the engine sees another stamp; and where to go when the
 * engine turns the person away, since what was waited for is over.
 */
export function watch(
  request: Pick<PageRequest, 'to'>,
  stamp: string,
  look: (stamp: string, seconds: number) => Promise<{ stamp: string }>,
): EventRun {
  return async ({ send, signal }) => {
    let seen = stamp.slice(0, LONGEST_STAMP)
    try {
      while (!signal.aborted) {
        const view = await look(seen, LOOK_SECONDS)
        if (view.stamp !== seen) send({ name: 'changed' })
        seen = view.stamp
      }
    } catch (error) {
      if (!(error instanceof TurnedAway)) throw error
      send({ name: 'go', data: request.to(error.to.to) })
    }
  }
}
