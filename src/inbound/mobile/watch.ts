import type { Call } from '../../contract/caller.ts'
import type { Api, Output } from '../../contract/contract.ts'
import type { EventRun } from '../web/sse.ts'

/** One long question to the engine; shorter than what proxies in between put up with. */
const LOOK_SECONDS = 20

/** Tells a device what it is asked, at once and at each change; and when it is a stranger, since it was removed. */
export function watchPrompts(api: Api, call: Call, first: Output<'awaitPrompts'>): EventRun {
  return async ({ send, signal }) => {
    send({ name: 'prompts', data: first })
    let { stamp } = first
    while (!signal.aborted) {
      const answer = await api.awaitPrompts(call, { stamp, seconds: LOOK_SECONDS })
      if (!answer.ok) {
        // A clock that was nearly too far off ends the stream early: the next one has a new time.
        if (answer.refusal === 'caller.refused') send({ name: 'refused', data: {} })
        return
      }
      if (answer.value.stamp !== stamp) send({ name: 'prompts', data: answer.value })
      stamp = answer.value.stamp
    }
  }
}
