import { json, type PageRequest, type Reply } from '../web/http.ts'
import type { SimulatedPhones } from './phones.ts'

/**
 * GET /simulator/api/messages?to=+12065550100&since=2026-01-01T12:00:00Z: newest first, `id, kind, to, text, code?, at`.
 * Without `to` of all phones; `since` (inclusive) is ISO 8601, else 400.
 */
export function getMessages(phones: SimulatedPhones, { query }: Pick<PageRequest, 'query'>): Reply {
  const to = query.get('to')
  const since = query.get('since')
  const from = since === null ? 0 : Date.parse(since)
  if (Number.isNaN(from)) return json({ error: 'since is not an ISO 8601 time' }, 400)

  const messages = phones.messages(to === null ? undefined : numberFrom(to))
  return json(messages.filter(({ at }) => Date.parse(at) >= from))
}

/** A bare + in a query is read as a space: both spellings, and one without either, mean the same number. */
function numberFrom(text: string): string {
  return `+${text.replace(/\D/g, '')}`
}
