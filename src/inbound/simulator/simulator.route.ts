import { events, type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import { callRoutes } from './calls.route.ts'
import type { SimulatedCalls } from './calls.ts'
import { mailRoutes } from './mails.route.ts'
import type { SimulatedMailbox } from './mails.ts'
import { getMessages } from './messages.api.ts'
import { type SamplePhone, type SimulatedPhones, shownPhones } from './phones.ts'
import { replyRoutes } from './replies.route.ts'
import type { SimulatedReplies } from './replies.ts'
import { simulatorPage } from './simulator.page.ts'
import type { SimulatedToken } from './tokens.ts'

/**
 * With `calls` the phones ring as well; `mountCallsApi` is for scripts that answer them. With `replies` texts
 * are replied to; `mountRepliesApi` is for scripts. With `mailbox` there is mail,
 * with `token` a token whose button can be pressed.
 */
type Needs = {
  phones: SimulatedPhones
  replies?: SimulatedReplies | undefined
  calls?: SimulatedCalls | undefined
  mailbox?: SimulatedMailbox | undefined
  token?: SimulatedToken | undefined
  samples: readonly SamplePhone[]
}

/** The demo's phones, for a site with the base `/simulator`. Anyone may read every code: never mount it outside of the demo. */
export function simulatorRoutes(needs: Needs): readonly Route<'anyone'>[] {
  const { phones, replies, calls, mailbox, token } = needs
  return [
    {
      method: 'GET',
      path: '/',
      who: 'anyone',
      summary: 'The phones of the sample accounts, and what they got.',
      handler: (request) => getPhones(needs, request),
    },
    {
      method: 'GET',
      path: '/events',
      who: 'anyone',
      summary: 'Tells the page that a phone got something.',
      handler: () => getEvents([phones, replies, calls, mailbox].filter((source) => source !== undefined)),
    },
    {
      method: 'GET',
      path: '/api/messages',
      who: 'anyone',
      summary: 'What a phone got, as JSON, for scripts and tests.',
      handler: (request) => getMessages(phones, request),
    },
    ...(replies ? replyRoutes({ phones, replies }) : []),
    ...(calls ? callRoutes(calls) : []),
    ...(mailbox ? mailRoutes(mailbox) : []),
    ...(token ? [tokenRoute(token)] : []),
  ]
}

function tokenRoute(token: SimulatedToken): Route<'anyone'> {
  return {
    method: 'POST',
    path: '/token/press',
    who: 'anyone',
    summary: 'Presses the button of the token.',
    handler: () => {
      token.press()
      return seeOther('/')
    },
  }
}

function getPhones({ phones, replies, calls, mailbox, token, samples }: Needs, { now, ...frame }: PageRequest): Reply {
  const got = { messages: phones.messages(), replies: replies?.replies() ?? [], calls: calls?.calls() ?? [] }
  const view = {
    phones: shownPhones(samples, got),
    mails: mailbox?.mails(),
    token,
    canReply: replies !== undefined,
    now,
  }
  return page(simulatorPage(frame, view))
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
