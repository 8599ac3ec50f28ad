import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { phoneOfSender } from '../../protocols/sms-sender.ts'
import { type ReplySink, type Take, takeOnce } from '../web/replies.ts'
import { type Fields, readFields, textIn } from './fields.ts'

/** How a provider calls what it tells. `id` and `charset` where it has them; the charset is otherwise UTF-8. */
export type FieldNames = {
  from: string
  to: string
  text: string
  id?: string | undefined
  charset?: string | undefined
}

/** `provider` is how the replies are marked; `path` is where it calls, below `/sms/`. */
export type ReplyProvider = { provider: string; path: string; fields: FieldNames }

/**
 * For Kannel's `get-url`: `…/sms/kannel/<secret>?from=%p&to=%P&text=%b&charset=%C&id=%I`. Its service needs
 * `max-messages = 0`, so that no answer of ours becomes a text.
 */
export const kannel: ReplyProvider = {
  provider: 'kannel',
  path: 'kannel',
  fields: { from: 'from', to: 'to', text: 'text', id: 'id', charset: 'charset' },
}

/** For any other: `from`, `to`, `text` and `id`, as a query, a form or JSON. */
export const anyProvider: ReplyProvider = {
  provider: 'http',
  path: 'reply',
  fields: { from: 'from', to: 'to', text: 'text', id: 'id' },
}

export type SmsDoor = {
  sink: ReplySink
  /** Of this installation alone, from 128 bits of chance: at least 22 characters of base64url. */
  secret: string
  providers: readonly ReplyProvider[]
  /** Writes the error into the log. `path` has no secret in it. */
  failure(error: unknown, about: { id: string; method: string; path: string }): 500 | 503
  now(): Date
  newId(): string
  /** How long a provider is kept waiting for a reply to be taken, in milliseconds. */
  patienceMs?: number | undefined
}

type Place = { take: Take; isSecret(given: string): boolean; route: string }

const MOST_TEXT = 2_000
const MOST_NAME = 64
const MOST_ID = 200

/**
 * Replies from providers that call us. Every answer is empty, since a gateway may send on what it is told: 200 is "taken",
 * 503 "again, please", 400 "no reply at all", and 404 says the same to a wrong secret as to a wrong path. Throws
 * RangeError without a good secret.
 */
export function smsDoor(door: SmsDoor): Hono {
  if (!/^[\w-]{22,}$/.test(door.secret)) throw new RangeError('no secret, no replies')
  const app = new Hono()
  const digest = digestOf(door.secret)
  const isSecret = (given: string) => timingSafeEqual(digestOf(given), digest)
  const take = takeOnce({ sink: door.sink, now: door.now, patienceMs: door.patienceMs ?? 5_000 })
  for (const provider of door.providers) {
    const route = `/sms/${provider.path}/:secret`
    app.all(route, (c) => answer(door, provider, c, { take, isSecret, route }))
  }
  app.all('/sms/*', () => empty(404))
  return app
}

async function answer(door: SmsDoor, provider: ReplyProvider, c: Context, place: Place): Promise<Response> {
  if (!place.isSecret(c.req.param('secret') ?? '')) return empty(404)
  const { method } = c.req.raw
  // HEAD would take a reply that nobody sent.
  if (method !== 'GET' && method !== 'POST') return empty(405, { allow: 'GET, POST' })
  try {
    const fields = await readFields(c.req.raw)
    if (typeof fields === 'number') return empty(fields)
    const read = replyIn(fields, provider.fields)
    if (!read) return empty(400)
    const providerId = read.id ?? door.newId()
    const { from, to, text } = read
    const outcome = await place.take({ from, to, text, providerId, provider: provider.provider, at: door.now() })
    return outcome === 'taken' ? empty(200) : empty(503, { 'retry-after': '5' })
  } catch (error) {
    const status = door.failure(error, { id: door.newId(), method, path: place.route })
    return empty(status, status === 503 ? { 'retry-after': '5' } : {})
  }
}

type Read = { from: string; to: string; text: string; id: string | undefined }

/** Undefined where a field is missing, is too long, or is not what it is called. */
function replyIn(fields: Fields, names: FieldNames): Read | undefined {
  const plain = (name: string | undefined, most: number) => {
    const text = name === undefined ? undefined : textIn(fields.get(name) ?? new Uint8Array())
    return text !== undefined && text !== '' && text.length <= most ? text : undefined
  }
  const from = phoneOfSender(withPlus(plain(names.from, MOST_NAME) ?? ''))
  const to = withPlus(plain(names.to, MOST_NAME) ?? '')
  const body = fields.get(names.text)
  const text = body && textIn(body, plain(names.charset, MOST_NAME))
  const id = plain(names.id, MOST_ID)
  const idIsOdd = names.id !== undefined && id === undefined && (fields.get(names.id)?.length ?? 0) > 0
  if (from === undefined || text === undefined || text.length > MOST_TEXT || idIsOdd) return undefined
  return /^\+?[\w .-]+$/.test(to) ? { from, to, text, id } : undefined
}

/** A + that was not escaped came in as a space. */
function withPlus(number: string): string {
  return number.replace(/^ (?=\d)/, '+')
}

function empty(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { ...always, ...headers } })
}

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
