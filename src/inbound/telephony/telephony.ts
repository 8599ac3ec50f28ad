import type { Context, Hono } from 'hono'
import type { CallbackAddresses, CallbackPlace } from '../../protocols/callback-addresses.ts'
import { type Fields, isSignedByTwilio } from '../../protocols/twilio-signature.ts'
import { twiml } from '../../protocols/twiml.ts'
import { type ReceiptSink, type ReplySink, type Take, takeOnce } from '../web/replies.ts'
import type { Calls } from './calls.ts'
import { one, readFields } from './fields.ts'
import { endIn, hangUp, keysIn, twimlOf } from './voice.ts'

/** Why a callback was turned away, for the log: `signature` is mostly a wrong public address in our settings or at Twilio. */
export type TurnedAway = 'unsigned' | 'form' | 'signature' | 'secret' | 'call'

type Needs = {
  addresses: CallbackAddresses
  /** At least one. `name` is how what one signed is marked; it may stand twice, with the token before it. */
  accounts: readonly { name: string; authToken: string }[]
  calls: Calls
  replies?: ReplySink | undefined
  receipts?: ReceiptSink | undefined
  now(): Date
  /** Writes the error into the log. `route` has no id and no secret in it. */
  failure(error: unknown, about: { id: string; method: string; path: string }): 500 | 503
  newId(): string
  turnedAway?: ((why: TurnedAway, route: string) => void) | undefined
}

type Signed = { c: Context; provider: string; fields: Fields; turnAway(why: TurnedAway, status?: 400): Response }
type Handler = (signed: Signed) => Promise<Response>

const EMPTY = twiml([])
/** How long a reply may take to be taken: Twilio waits 15 seconds. */
const PATIENCE_MS = 10_000

/**
 * Mounts what providers of calls and texts call back at, below `/telephony`. Throws RangeError without a token: there is
 * no way to take callbacks unsigned.
 *
 * A callback counts with a signature over the *configured* public address, a secret path, and the call and step that are
 * awaited. Everything else changes nothing and gets 403 (or 400, 413, 415 for what is no form), and hangs up.
 */
export function mountTelephony(app: Hono, needs: Needs): void {
  if (needs.accounts.length === 0 || needs.accounts.some(({ authToken }) => authToken === ''))
    throw new RangeError('no token, no callbacks')
  const { replies, receipts, now } = needs
  const take = replies && takeOnce({ sink: replies, now, patienceMs: PATIENCE_MS })
  const at = (route: string, handler: Handler) => {
    app.post(route, (c) => answer(needs, c, route, handler))
    app.all(route, () => reply(405, '', { allow: 'POST' }))
  }

  at('/telephony/voice/:call/:step/:secret', (signed) => goOn(needs, signed))
  at('/telephony/status/call/:call/:secret', (signed) => hearEnd(needs, signed))
  if (receipts) at('/telephony/status/text/:delivery/:secret', (signed) => hearText(needs, receipts, signed))
  if (take) at('/telephony/sms', (signed) => takeReply(needs, take, signed))
}

async function answer(needs: Needs, c: Context, route: string, handler: Handler): Promise<Response> {
  const turnAway = (why: TurnedAway, status: 400 | 403 | 413 | 415 = 403) => {
    needs.turnedAway?.(why, route)
    return reply(status, hangUp)
  }
  try {
    const signature = c.req.header('x-twilio-signature')
    // Before the body: whoever has no signature is not read at all.
    if (signature === undefined || signature === '') return turnAway('unsigned')
    const fields = await readFields(c.req.raw)
    if ('status' in fields) return turnAway('form', fields.status)
    const url = needs.addresses.publicUrl + pathAndQuery(c)
    const by = needs.accounts.find(({ authToken }) => isSignedByTwilio([authToken], { url, fields, signature }))
    return by ? await handler({ c, provider: by.name, fields, turnAway }) : turnAway('signature')
  } catch (error) {
    return reply(needs.failure(error, { id: needs.newId(), method: c.req.method, path: route }), hangUp)
  }
}

/** The call was answered (step 0), or keys came, or nothing did. */
async function goOn({ addresses, calls }: Needs, { c, fields, turnAway }: Signed): Promise<Response> {
  const { call: callId = '', step: stepText = '', secret = '' } = c.req.param()
  const step = /^(0|[1-9]\d{0,2})$/.test(stepText) ? Number(stepText) : undefined
  if (step === undefined || !addresses.isSecretOf({ kind: 'voice', id: callId, step }, secret))
    return turnAway('secret')
  const providerId = one(fields, 'CallSid')
  if (!providerId) return turnAway('call')

  const taken = await calls.take({ callId, providerId, step })
  if (taken === 'refused') return turnAway('call')
  if (taken === 'over') return reply(200, hangUp)
  const next = step === 0 ? await calls.answered(callId) : await calls.keys(callId, keysIn(fields, searchOf(c)))
  return reply(200, twimlOf(next, addresses.addressOf({ kind: 'voice', id: callId, step: step + 1 })))
}

async function hearEnd({ addresses, calls }: Needs, { c, fields, turnAway }: Signed): Promise<Response> {
  const { call: callId = '', secret = '' } = c.req.param()
  if (!addresses.isSecretOf({ kind: 'call-status', id: callId }, secret)) return turnAway('secret')
  const providerId = one(fields, 'CallSid')
  if (!providerId) return turnAway('call')
  const how = endIn(fields)
  if (how === undefined) return reply(204)

  const taken = await calls.take({ callId, providerId, step: 'end' })
  if (taken === 'refused') return turnAway('call')
  if (taken === 'yours') await calls.ended(callId, how)
  return reply(204)
}

async function hearText({ addresses, now }: Needs, receipts: ReceiptSink, signed: Signed): Promise<Response> {
  const { c, provider, fields, turnAway } = signed
  const { delivery = '', secret = '' } = c.req.param()
  const place: CallbackPlace = { kind: 'text-status', id: delivery }
  if (!addresses.isSecretOf(place, secret)) return turnAway('secret')
  const status = one(fields, 'MessageStatus') ?? ''
  if (!['delivered', 'undelivered', 'failed'].includes(status)) return reply(204)
  const outcome = status === 'delivered' ? 'delivered' : 'failed'
  await receipts.take({ textId: delivery, provider, outcome, at: now() })
  return reply(204)
}

/** The address of replies is written down at the provider, so it has no secret: the signature and the message's id count. */
async function takeReply({ now }: Needs, take: Take, { provider, fields, turnAway }: Signed): Promise<Response> {
  const [providerId, from, to, text] = ['MessageSid', 'From', 'To', 'Body'].map((name) => one(fields, name))
  if (!providerId || !isE164(from) || !isE164(to) || text === undefined) return turnAway('form', 400)
  const outcome = await take({ providerId, from, to, text, provider, at: now() })
  return outcome === 'taken' ? reply(200, EMPTY) : reply(503, hangUp, { 'retry-after': '5' })
}

function isE164(text: string | undefined): text is string {
  return text !== undefined && /^\+[1-9]\d{4,14}$/.test(text)
}

/** As received: what was signed is the address letter by letter. Its host is the caller's word and is not looked at. */
function pathAndQuery(c: Context): string {
  return c.req.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '')
}

function searchOf(c: Context): string {
  return new URL(c.req.url).search
}

function reply(status: number, xml = '', headers: Record<string, string> = {}): Response {
  const body = status === 204 || xml === '' ? null : xml
  return new Response(body, {
    status,
    headers: {
      ...(body !== null && { 'content-type': 'text/xml; charset=utf-8' }),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}
