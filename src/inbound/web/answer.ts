import type { Context } from 'hono'
import { comesFromUs, csrfMatches } from './csrf.ts'
import { plainLook } from './design/look.ts'
import { type Problem, problemPage, problemStatus } from './design/problem.page.ts'
import { type Form, MalformedForm, readForm } from './form.ts'
import { type PageRequest, type PageStatus, page, type Reply } from './http.ts'
import { type Arrival, arrivalOf } from './request.ts'
import { respond } from './respond.ts'
import type { Setting, Site } from './routes.ts'

export type Make = (request: PageRequest) => Reply | Promise<Reply>

/** `takesForm`: the body is read and judged before `make` is asked. `outage`: what is said in place of the problem page. */
type Call = {
  c: Context
  route: string
  make: Make
  takesForm: boolean
  outage?: ((request: PageRequest) => Reply) | undefined
}

/** From a request to its response: whatever goes wrong on the way becomes a page. */
export async function answerCall<Who extends string>(site: Site<Who>, setting: Setting, call: Call): Promise<Response> {
  const arrival = arrivalOf(call.c, setting)
  const { id, path, address, now } = arrival.request
  const method = call.c.req.raw.method
  const failed = (error: unknown) => site.failure(error, { id, method, path })

  const reply = await replyTo(site, setting, { ...call, arrival, failed })
  const acceptEncoding = call.c.req.header('accept-encoding')
  const response = respond({ ...setting, newVisit: arrival.newVisit, acceptEncoding, failed }, headless(reply, method))
  const milliseconds = setting.now().getTime() - now.getTime()
  site.answered?.({ id, method, route: call.route, status: response.status, milliseconds, address })
  return response
}

type Answering = Call & { arrival: Arrival; failed(error: unknown): 500 | 503 }

async function replyTo<Who extends string>(site: Site<Who>, setting: Setting, answering: Answering): Promise<Reply> {
  const { c, make, takesForm, outage, arrival, failed } = answering
  let request: PageRequest = { ...arrival.request, look: plainLook }
  try {
    request = { ...request, look: await site.look() }
    if (!takesForm) return await make(request)

    const form = await formFromUs(c, arrival, setting)
    if (!form) return problemReply(request, 'origin')
    request = { ...request, form }
    return await make(request)
  } catch (error) {
    if (error instanceof MalformedForm) {
      return problemReply(request, error.status === 413 ? 'large' : 'form', { status: error.status })
    }
    if (failed(error) === 500) return problemReply(request, 'broken')
    return outage?.(request) ?? problemReply(request, 'unavailable')
  }
}

/** Both must hold: what the browser says of the sender, and the token that only a page of ours could have. */
async function formFromUs(c: Context, arrival: Arrival, { publicOrigin }: Setting): Promise<Form | undefined> {
  const origin = c.req.header('origin')
  const secFetchSite = c.req.header('sec-fetch-site')
  if (!comesFromUs({ origin, secFetchSite, host: arrival.request.host, publicOrigin })) return undefined

  const form = await readForm(c.req.raw)
  return csrfMatches(arrival.formSecret, form.secret('csrf', 200)) ? form : undefined
}

type Manner = { status?: PageStatus; headers?: Record<string, string> }

/** A problem page as a reply; doors use it for "missing" and "refused". What was only asked for can be asked for again. */
export function problemReply(request: PageRequest, problem: Problem, { status, headers }: Manner = {}): Reply {
  const { id, method } = request
  const html = problemPage(request, problem, { id, repeatable: method === 'GET' })
  return { ...page(html, status ?? problemStatus[problem]), headers }
}

/** HEAD must not start a stream that nobody reads. */
function headless(reply: Reply, method: string): Reply {
  if (reply.kind !== 'events' || method !== 'HEAD') return reply
  return { kind: 'asset', body: '', type: 'text/event-stream', immutable: false }
}
