import { type PageRequest, type Reply, seeOther } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import { getCalls } from './calls.api.ts'
import { keypad, type SimulatedCalls } from './calls.ts'

/** What the page's buttons do with a call, and the list of calls for scripts. */
export function callRoutes(calls: SimulatedCalls): readonly Route<'anyone'>[] {
  const act = (path: `/${string}`, summary: string, does: (request: PageRequest) => Promise<unknown>) =>
    ({ method: 'POST', path: `/calls/:id${path}`, who: 'anyone', summary, handler: doing(does) }) as const
  return [
    act('/answer', 'Picks up the phone.', ({ params }) => calls.answer(params.id ?? '')),
    act('/keys', 'Presses a key of the phone.', ({ params, form }) =>
      calls.press(params.id ?? '', form.choice('key', keypad) ?? ''),
    ),
    act('/hang-up', 'Hangs up.', ({ params }) => calls.hangUp(params.id ?? '')),
    act('/decline', 'Declines the call.', ({ params }) => calls.decline(params.id ?? '')),
    {
      method: 'GET',
      path: '/api/calls',
      who: 'anyone',
      summary: 'The calls of a phone, as JSON, for scripts and tests.',
      handler: (request) => getCalls(calls, request),
    },
  ]
}

/** Whatever came of it, the page shows how the call stands: it may have ended a moment ago. */
function doing(does: (request: PageRequest) => Promise<unknown>): (request: PageRequest) => Promise<Reply> {
  return async (request) => {
    await does(request)
    return seeOther('/')
  }
}
