import { events, type PageRequest, page, type Reply } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import { getMessages } from './messages.api.ts'
import { type SamplePhone, type SimulatedPhones, shownPhones } from './phones.ts'
import { simulatorPage } from './simulator.page.ts'

type Needs = { phones: SimulatedPhones; samples: readonly SamplePhone[] }

/** The demo's phones, for a site with the base `/simulator`. Anyone may read every code: never mount it outside of the demo. */
export function simulatorRoutes({ phones, samples }: Needs): readonly Route<'anyone'>[] {
  return [
    {
      method: 'GET',
      path: '/',
      who: 'anyone',
      summary: 'The phones of the sample accounts, and what they got.',
      handler: (request) => getPhones({ phones, samples }, request),
    },
    {
      method: 'GET',
      path: '/events',
      who: 'anyone',
      summary: 'Tells the page that a phone got something.',
      handler: () => getEvents(phones),
    },
    {
      method: 'GET',
      path: '/api/messages',
      who: 'anyone',
      summary: 'What a phone got, as JSON, for scripts and tests.',
      handler: (request) => getMessages(phones, request),
    },
  ]
}

function getPhones({ phones, samples }: Needs, request: PageRequest): Reply {
  return page(simulatorPage(request, { phones: shownPhones(samples, phones.messages()), now: request.now }))
}

function getEvents(phones: SimulatedPhones): Reply {
  return events(async ({ send, signal }) => {
    const leave = phones.subscribe(() => send({ name: 'changed' }))
    // Something may have come between the page and its stream, or while the browser was connecting again.
    send({ name: 'changed' })
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    leave()
  })
}
