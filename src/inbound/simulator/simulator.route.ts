import { events, type PageRequest, page, type Reply } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import { callRoutes } from './calls.route.ts'
import type { SimulatedCalls } from './calls.ts'
import { mailRoutes } from './mails.route.ts'
import type { SimulatedMailbox } from './mails.ts'
import { getMessages } from './messages.api.ts'
import { type SamplePhone, type SimulatedPhones, shownPhones } from './phones.ts'
import { simulatorPage } from './simulator.page.ts'

/** With `calls` the phones ring as well; `mountCallsApi` is for scripts that answer them. With `mailbox` there is mail. */
type Needs = {
  phones: SimulatedPhones
  calls?: SimulatedCalls | undefined
  mailbox?: SimulatedMailbox | undefined
  samples: readonly SamplePhone[]
}

/** The demo's phones, for a site with the base `/simulator`. Anyone may read every code: never mount it outside of the demo. */
export function simulatorRoutes({ phones, calls, mailbox, samples }: Needs): readonly Route<'anyone'>[] {
  return [
    {
      method: 'GET',
      path: '/',
      who: 'anyone',
      summary: 'The phones of the sample accounts, and what they got.',
      handler: (request) => getPhones({ phones, calls, mailbox, samples }, request),
    },
    {
      method: 'GET',
      path: '/events',
      who: 'anyone',
      summary: 'Tells the page that a phone got something.',
      handler: () => getEvents([phones, calls, mailbox].filter((source) => source !== undefined)),
    },
    {
      method: 'GET',
      path: '/api/messages',
      who: 'anyone',
      summary: 'What a phone got, as JSON, for scripts and tests.',
      handler: (request) => getMessages(phones, request),
    },
    ...(calls ? callRoutes(calls) : []),
    ...(mailbox ? mailRoutes(mailbox) : []),
  ]
}

function getPhones({ phones, calls, mailbox, samples }: Needs, request: PageRequest): Reply {
  const got = { messages: phones.messages(), calls: calls?.calls() ?? [] }
  return page(simulatorPage(request, { phones: shownPhones(samples, got), mails: mailbox?.mails(), now: request.now }))
}

function getEvents(sources: readonly Pick<SimulatedPhones, 'subscribe'>[]): Reply {
  return events(async ({ send, signal }) => {
    const leaves = sources.map((source) => source.subscribe(() => send({ name: 'changed' })))
    // Something may have come between the page and its stream, or while the browser was connecting again.
    send({ name: 'changed' })
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    for (const leave of leaves) leave()
  })
}
