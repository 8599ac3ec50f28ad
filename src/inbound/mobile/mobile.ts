import type { Context, Hono } from 'hono'
import type { Call } from '../../contract/caller.ts'
import { type Answer, type Api, contract, type Name } from '../../contract/contract.ts'
import { deviceProtocol, readDeviceCredential } from '../../protocols/device-signature.ts'
import { clientAddress, noProxies, type TrustedProxies } from '../web/address.ts'
import type { Answered } from '../web/routes.ts'
import { eventStream } from '../web/sse.ts'
import { readText } from './body.ts'
import { streams } from './streams.ts'
import { watchPrompts } from './watch.ts'

export type MobileDoor = {
  api: Api
  /** Writes the error into the log under the request's id, and says whether it is ours (500) or passes (503). */
  failure(error: unknown, about: { id: string; method: string; path: string }): 500 | 503
  now(): Date
  newId(): string
  trusts?: TrustedProxies | undefined
  answered?: ((facts: Answered) => void) | undefined
  /** Streams of one device, and of all. */
  most?: { ofDevice: number; ofAll: number } | undefined
}

type Reply = { status: number; body: unknown; headers?: Record<string, string> }
type Arrival = { c: Context; id: string; call: Call }
type Make = (arrival: Arrival) => Promise<Reply | Response>

/** Operations that a device signs, and that are answered at once. */
const signed = ['readDevice', 'listPrompts', 'answerPrompt', 'setDevicePush', 'nameDevice', 'leaveAccount'] as const
const base = deviceProtocol.path
/** A code, a key, a name and a subscription. */
const MOST_ACTIVATION = 8 * 1024
/** Within what the signature of its request is good for. */
const STREAM_SECONDS = 4 * 60

/**
 * Mounts the Mobile App Web Service: `docs/reference/device-protocol.md`. The door hands on what was signed, word for word, and
 * decides nothing; mount it before a site that answers every path.
 */
export function mountMobile(app: Hono, door: MobileDoor): void {
  const answer = (route: string, make: Make) => (c: Context) => answerCall(door, route, c, make)
  const other = (status: 404 | 405, allow = ''): Make => {
    const body = { ok: false, error: status === 404 ? 'missing' : 'method' }
    return async () => ({ status, body, headers: status === 405 ? { allow } : {} })
  }
  const at = (method: string, path: string, make: Make) => {
    app.on(method, base + path, answer(path, make))
    app.all(base + path, answer(path, other(405, method === 'GET' ? 'GET, HEAD' : method)))
  }

  at('GET', '/', async () => ({ status: 200, body: { service: 'Sallyport Mobile App Web Service', at: timeOf(door) } }))
  at('POST', '/v1/activate', (arrival) => activate(door, arrival))
  for (const name of signed) {
    const [method = '', path = ''] = contract[name].signed.split(' ')
    at(method, path, (arrival) => operate(door, name, arrival))
  }
  at('GET', '/v1/events', eventsFor(door))
  app.all(`${base}/*`, answer('', other(404)))
}

async function answerCall(door: MobileDoor, route: string, c: Context, make: Make): Promise<Response> {
  const [id, began] = [door.newId(), door.now().getTime()]
  const method = c.req.raw.method
  const peer = (c.env as Socketed)?.incoming?.socket?.remoteAddress
  const address = clientAddress(peer, c.req.header('x-forwarded-for'), door.trusts ?? noProxies)
  const call = { address, userAgent: c.req.header('user-agent')?.slice(0, 300) }
  const reply = await make({ c, id, call }).catch((error) => failed(door, error, { id, method, path: route }))
  const response = reply instanceof Response ? reply : respond(reply, id)
  const milliseconds = door.now().getTime() - began
  door.answered?.({ id, method, route, status: response.status, milliseconds, address })
  return response
}

type Socketed = { incoming?: { socket?: { remoteAddress?: string } } } | undefined

function failed(door: MobileDoor, error: unknown, about: { id: string; method: string; path: string }): Reply {
  const status = door.failure(error, about)
  return status === 503
    ? { status, body: { ok: false, error: 'unavailable', id: about.id }, headers: { 'retry-after': '5' } }
    : { status, body: { ok: false, error: 'broken', id: about.id } }
}

function respond({ status, body, headers }: Reply, id: string): Response {
  const json = { 'content-type': 'application/json', ...always, 'request-id': id }
  return new Response(JSON.stringify(body), { status, headers: { ...json, ...headers } })
}

const always = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

async function activate({ api, ...door }: MobileDoor, { c, call }: Arrival): Promise<Reply> {
  const read = await readText(c.req.raw, MOST_ACTIVATION)
  if ('status' in read) return malformed(read.status)
  const input = parsed(read.text) as Parameters<Api['activateDevice']>[1]
  return answerIn(door, await api.activateDevice(call, input))
}

async function operate(door: MobileDoor, name: (typeof signed)[number], { c, call }: Arrival): Promise<Reply> {
  const credential = credentialIn(c)
  // Before the body: whoever shows nothing is not read at all.
  if (credential === undefined) return answerIn(door, stranger)
  const isPost = c.req.raw.method === 'POST'
  const read = isPost ? await readText(c.req.raw, deviceProtocol.mostBody) : { text: '' }
  if ('status' in read) return malformed(read.status)
  const run = door.api[name] as (call: Call, input: unknown) => Promise<Answer<Name>>
  const device = { credential, body: read.text }
  // The gate takes the input of what was signed from the body itself.
  return answerIn(door, await run({ ...call, device }, isPost ? parsed(read.text) : {}))
}

/** Only whoever is a device takes a place: others are turned away by the first look. */
function eventsFor(door: MobileDoor): Make {
  const { api, failure, most = { ofDevice: 4, ofAll: 2_000 } } = door
  const places = streams(most)
  return async ({ c, id, call }) => {
    const credential = credentialIn(c)
    if (credential === undefined) return answerIn(door, stranger)
    const signing: Call = { ...call, device: { credential, body: '' } }
    const first = await api.awaitPrompts(signing, { stamp: '', seconds: 1 })
    if (!first.ok || c.req.raw.method === 'HEAD') return answerIn(door, first)
    const leave = places.take(readDeviceCredential(credential)?.deviceId ?? '')
    if (!leave) return { status: 429, body: { ok: false, error: 'busy' }, headers: { 'retry-after': '5' } }

    const run = watchPrompts(api, signing, first.value)
    const stream = eventStream({
      run: (channel) => {
        channel.signal.addEventListener('abort', leave)
        return run(channel).finally(leave)
      },
      lifetimeSeconds: STREAM_SECONDS,
      failed: (error) => failure(error, { id, method: 'GET', path: '/v1/events' }),
    })
    const type = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
    return new Response(stream, { headers: { ...type, ...always, 'request-id': id } })
  }
}

const stranger = { ok: false, refusal: 'caller.refused' } as const

/** RFC 9110 section 11.4: the name of a scheme is taken in any case. */
function credentialIn(c: Context): string | undefined {
  const [, scheme = '', credential] = /^([A-Za-z-]{1,40}) +(\S{1,300})$/.exec(c.req.header('authorization') ?? '') ?? []
  return scheme.toLowerCase() === deviceProtocol.scheme.toLowerCase() ? credential : undefined
}

function malformed(status: 400 | 413 | 415): Reply {
  return { status, body: { ok: false, refusal: 'input.malformed' } }
}

function answerIn(door: Pick<MobileDoor, 'now'>, answer: Answer<Name> | typeof stranger): Reply {
  if (answer.ok) return { status: 200, body: { ok: true, value: answer.value } }
  const { refusal } = answer
  if (refusal === 'input.malformed') return malformed(400)
  if (refusal === 'caller.refused' || refusal === 'clock.off') {
    const at = refusal === 'clock.off' ? { at: timeOf(door) } : {}
    // RFC 9110 section 15.5.2: a 401 says what would be taken.
    return { status: 401, body: { ok: false, refusal, ...at }, headers: { 'www-authenticate': deviceProtocol.scheme } }
  }
  return { status: 409, body: { ok: false, refusal } }
}

function timeOf({ now }: Pick<MobileDoor, 'now'>): string {
  return now().toISOString()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
