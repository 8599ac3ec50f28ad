import type { Context, Hono } from 'hono'
import { spoken } from '../../i18n/spoken.ts'
import { comesFromUs } from '../web/csrf.ts'
import { json, type PageRequest, type Reply } from '../web/http.ts'
import type { SimulatedCall, SimulatedCalls } from './calls.ts'

const MOST_BYTES = 4096

/**
 * GET /simulator/api/calls?to=+12065550100: newest first, `id, to, extension?, language, at, state, how?, captions, waits`.
 * `captions` is what was said, oldest first. Without `to` of all phones.
 */
export function getCalls(calls: SimulatedCalls, { query }: Pick<PageRequest, 'query'>): Reply {
  const to = query.get('to')
  // A bare + in a query is read as a space.
  return json(calls.calls(to === null ? undefined : `+${to.replace(/\D/g, '')}`).map(inJson))
}

function inJson({ said, pressed: _, ...call }: SimulatedCall): object {
  return { ...call, captions: said.flat().map((line) => spoken.sentence(call.language, line)) }
}

/**
 * Mounts what scripts do with calls; before the site, which answers every path below its base.
 *
 * POST /simulator/api/calls/ID/answer, with `{"keys":"1234#"}` to press keys right after; `/keys`, with the same;
 * `/hangup`; `/decline`. Answers the call as it is then. 404: no such call; 409: not in a state for it; 400: no such keys.
 */
export function mountCallsApi(app: Hono, { base, calls }: { base: string; calls: SimulatedCalls }): void {
  const at = (act: string, does: Act) => app.post(`${base}/api/calls/:id/${act}`, (c) => answer(calls, c, does))
  at('answer', async (id, keys) => (await calls.answer(id)) && (keys === undefined || (await calls.press(id, keys))))
  at('keys', (id, keys = '') => calls.press(id, keys))
  at('hangup', (id) => calls.hangUp(id))
  at('decline', (id) => calls.decline(id))
}

type Act = (id: string, keys: string | undefined) => Promise<boolean>

async function answer(calls: SimulatedCalls, c: Context, act: Act): Promise<Response> {
  const [origin, secFetchSite, host = ''] = ['origin', 'sec-fetch-site', 'host'].map((name) => c.req.header(name))
  // Scripts send neither header; a page of another site cannot help sending them.
  if (!comesFromUs({ origin, secFetchSite, host, publicOrigin: undefined }))
    return c.json({ error: 'not from us' }, 403)
  const keys = keysIn(await readText(c.req.raw))
  if (keys === false) return c.json({ error: 'keys are digits, * and #, in JSON: {"keys":"1234#"}' }, 400)

  const id = c.req.param('id') ?? ''
  const find = () => calls.calls().find((call) => call.id === id)
  if (!find()) return c.json({ error: 'no such call' }, 404)
  const done = await act(id, keys)
  const call = find()
  return c.json(
    { ...(call && inJson(call)), ...(!done && { error: 'the call is not in a state for it' }) },
    done ? 200 : 409,
  )
}

/** Undefined: none given. False: what was given is none. */
function keysIn(body: string | undefined): string | undefined | false {
  if (body === '') return undefined
  try {
    const value: unknown = JSON.parse(body ?? '')
    const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined
    return keys === undefined || (typeof keys === 'string' && /^[0-9*#]{0,100}$/.test(keys)) ? keys : false
  } catch {
    return false
  }
}

/** Undefined when it is too long. */
async function readText(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
