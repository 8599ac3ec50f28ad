import { type Context, Hono } from 'hono'
import type { Call } from '../../contract/caller.ts'
import { type Answer, type Api, type Name, names } from '../../contract/contract.ts'
import { sdkJson } from '../../protocols/sdk-json.ts'
import { canonicalAddress, clientAddress, noProxies, type TrustedProxies } from '../web/address.ts'
import type { Answered } from '../web/routes.ts'
import { basicCredentials } from './basic.ts'
import { readInput } from './body.ts'

export type JsonDoor = {
  api: Api
  /** Whether this is a service account's password. `address` is of the program that calls. */
  checkAccount(name: string, password: string, address: string): Promise<boolean>
  /** Writes the error into the log under the request's id, and says whether it is ours (500) or passes (503). */
  failure(error: unknown, about: { id: string; method: string; path: string }): 500 | 503
  now(): Date
  newId(): string
  trusts?: TrustedProxies | undefined
  answered?: ((facts: Answered) => void) | undefined
}

type Reply = { status: number; body: unknown; headers?: Record<string, string> }
type Make = (c: Context, account: string) => Promise<Reply>

/**
 * The Web Service SDK as JSON: a route for every row of the contract. Nothing is answered, and no body read, before a
 * service account has shown its password. The door decides nothing else: what is wrong with a call the gate says.
 */
export function jsonDoor(door: JsonDoor): Hono {
  const app = new Hono()
  const answer = (route: string, make: Make) => (c: Context) => answerCall(door, route, c, make)
  const other = (status: 404 | 405, allow: string): Make => {
    const body = { ok: false, error: status === 404 ? 'missing' : 'method' }
    return async () => ({ status, body, headers: status === 405 ? { allow } : {} })
  }

  const root = `${sdkJson.path}/`
  app.get(root, answer('/', about(door.api)))
  app.all(root, answer('/', other(405, 'GET, HEAD')))
  for (const name of names) {
    const route = `/v1/${name}`
    app.post(sdkJson.path + route, answer(route, operate(door.api, name)))
    app.all(sdkJson.path + route, answer(route, other(405, 'POST')))
  }
  app.all(`${sdkJson.path}/*`, answer('', other(404, '')))
  return app
}

async function answerCall(door: JsonDoor, route: string, c: Context, make: Make): Promise<Response> {
  const [id, began] = [door.newId(), door.now().getTime()]
  const method = c.req.raw.method
  const address = peerOf(c, door.trusts ?? noProxies)
  const { status, body, headers } = await replyTo(door, c, { id, address, make })
  door.answered?.({ id, method, route, status, milliseconds: door.now().getTime() - began, address })
  return new Response(JSON.stringify(body), { status, headers: { ...always, 'request-id': id, ...headers } })
}

const always = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

const challenge = { 'www-authenticate': 'Basic realm="Sallyport Web Service SDK", charset="UTF-8"' }
/** The same for no name, an unknown one, a wrong password, and one that may not be tried now. */
const stranger: Reply = { status: 401, body: { ok: false, error: 'unauthenticated' }, headers: challenge }

type Arrival = { id: string; address: string; make: Make }

async function replyTo(
  { checkAccount, failure }: JsonDoor,
  c: Context,
  { id, address, make }: Arrival,
): Promise<Reply> {
  try {
    const given = basicCredentials(c.req.header('authorization'))
    if (!given || !(await checkAccount(given.name, given.password, address))) return stranger
    return await make(c, given.name)
  } catch (error) {
    const status = failure(error, { id, method: c.req.raw.method, path: c.req.path })
    return status === 503
      ? { status, body: { ok: false, error: 'unavailable', id }, headers: { 'retry-after': '5' } }
      : { status, body: { ok: false, error: 'broken', id } }
  }
}

function operate(api: Api, name: Name): Make {
  const run = api[name] as (call: Call, input: unknown) => Promise<Answer<Name>>
  return async (c, account) => {
    const read = await readInput(c.req.raw, sdkJson.mostInput)
    if ('status' in read) return { status: read.status, body: { ok: false, refusal: 'input.malformed' } }

    const answer = await run(callOf(c, account), read.input)
    if (answer.ok) return { status: 200, body: { ok: true, value: answer.value } }
    return { ...refused(answer.refusal), body: { ok: false, refusal: answer.refusal } }
  }
}

function refused(refusal: string): Pick<Reply, 'status' | 'headers'> {
  if (refusal === 'input.malformed') return { status: 400 }
  // RFC 9110 section 15.5.2: a 401 says what would be taken.
  return refusal === 'caller.refused' ? { status: 401, headers: challenge } : { status: 409 }
}

/** What the calling program says of the person. Nothing in a request makes a call the console's. */
function callOf(c: Context, account: string): Call {
  const { session, address, agent, language, device } = sdkJson.headers
  const tag = c.req.header(language) ?? ''
  return {
    account,
    session: c.req.header(session),
    device: signedIn(c.req.header(device)),
    address: canonicalAddress(c.req.header(address) ?? ''),
    userAgent: c.req.header(agent)?.slice(0, 300),
    // The shape of RFC 5646 section 2.1, without its rarer forms.
    language: /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/.test(tag) ? tag : undefined,
  }
}

/** What a device has signed, word for word; the engine judges it. */
function signedIn(header: string | undefined): Call['device'] {
  if (header === undefined) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    if (typeof value !== 'object' || value === null || !('credential' in value) || !('body' in value)) return undefined
    const { credential, body } = value
    return typeof credential === 'string' && typeof body === 'string' ? { credential, body } : undefined
  } catch {
    return undefined
  }
}

/** For an operator with a browser or curl: that address and account are right, and that the engine answers. */
function about(api: Api): Make {
  return async (_c, account) => {
    const answer = await api.readServer({ account }, {})
    const server = answer.ok ? answer.value : {}
    return { status: 200, body: { service: 'Sallyport Web Service SDK', account, operations: 'POST v1/', ...server } }
  }
}

type Socketed = { incoming?: { socket?: { remoteAddress?: string } } } | undefined

function peerOf(c: Context, trusts: TrustedProxies): string {
  return clientAddress((c.env as Socketed)?.incoming?.socket?.remoteAddress, c.req.header('x-forwarded-for'), trusts)
}
