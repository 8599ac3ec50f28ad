import { problemReply } from '../web/answer.ts'
import { asset, json, type PageRequest, page, type Reply } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import { mailPage } from './mail.page.ts'
import type { SimulatedMail, SimulatedMailbox } from './mails.ts'

/** Not even a page of ours: an origin of its own, no script, nothing fetched, its own inline styles only. */
const inASandbox = {
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}

/** Mails to read, and their list for scripts. */
export function mailRoutes(mailbox: SimulatedMailbox): readonly Route<'anyone'>[] {
  const reading = (show: (request: PageRequest, mail: SimulatedMail) => Reply) => (request: PageRequest) => {
    const mail = mailbox.mails().find(({ id }) => id === request.params.id)
    return mail ? show(request, mail) : problemReply(request, 'missing')
  }
  return [
    {
      method: 'GET',
      path: '/mails/:id',
      who: 'anyone',
      summary: 'One mail: its text, and the source of its HTML.',
      handler: reading((request, mail) => page(mailPage(request, { mail, now: request.now }))),
    },
    {
      method: 'GET',
      path: '/mails/:id/html',
      who: 'anyone',
      summary: 'The HTML of one mail, in a sandbox.',
      handler: reading((_, { html }) => ({ ...asset(html, 'text/html; charset=utf-8'), headers: inASandbox })),
    },
    {
      method: 'GET',
      path: '/api/mails',
      who: 'anyone',
      summary: 'What a mailbox got, as JSON, for scripts and tests.',
      handler: (request) => getMails(mailbox, request),
    },
  ]
}

/**
 * GET /simulator/api/mails?to=alice@example.com&since=2026-01-01T12:00:00Z: newest first, `id, kind, to, subject, text,
 * html, at`. Without `to` of all mailboxes; `since` (inclusive) is ISO 8601, else 400.
 */
function getMails(mailbox: SimulatedMailbox, { query }: Pick<PageRequest, 'query'>): Reply {
  const since = query.get('since')
  const from = since === null ? 0 : Date.parse(since)
  if (Number.isNaN(from)) return json({ error: 'since is not an ISO 8601 time' }, 400)
  return json(mailbox.mails(query.get('to') ?? undefined).filter(({ at }) => Date.parse(at) >= from))
}
