import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { readBounded } from '../web/bounded-body.ts'
import { comesFromUs } from '../web/csrf.ts'
import type { SimulatedPhones } from './phones.ts'
import { LONGEST_REPLY, type SimulatedReplies } from './replies.ts'

const MOST_BYTES = 64 * 1024

const Text = z.object({ text: z.string().max(LONGEST_REPLY), id: z.string().min(1).max(200).optional() })
const Whole = Text.extend({ from: z.string().max(64) })

type Needs = { base: string; phones: Pick<SimulatedPhones, 'messages'>; replies: SimulatedReplies }

/**
 * Mounts what scripts do with replies; before the site, which answers every path below its base.
 *
 * POST /simulator/api/messages/ID/reply with `{"text":"123456"}`: from the phone that got that text. POST
 * /simulator/api/replies with `{"from":"+12065550100","text":"123456"}`: from any. With the `id` of one before it is the
 * same one, brought again. 200: it was taken, whatever came of it; 404: no such text; 400: not of that shape; 503: bring it
 * again.
 */
export function mountRepliesApi(app: Hono, { base, phones, replies }: Needs): void {
  app.post(`${base}/api/messages/:id/reply`, async (c) => {
    const to = phones.messages().find(({ id }) => id === c.req.param('id'))?.to
    return to === undefined ? c.json({ error: 'no such text' }, 404) : answer(c, replies, Text, to)
  })
  app.post(`${base}/api/replies`, (c) => answer(c, replies, Whole))
}

async function answer(
  c: Context,
  replies: SimulatedReplies,
  shape: z.ZodType<{ from?: string | undefined; text: string; id?: string | undefined }>,
  phone = '',
): Promise<Response> {
  const [origin, secFetchSite, host = ''] = ['origin', 'sec-fetch-site', 'host'].map((name) => c.req.header(name))
  // Scripts send neither header; a page of another site cannot help sending them.
  if (!comesFromUs({ origin, secFetchSite, host, publicOrigin: undefined }))
    return c.json({ error: 'not from us' }, 403)
  const read = shape.safeParse(await bodyOf(c.req.raw))
  if (!read.success) return c.json({ error: 'a reply is JSON such as {"text":"123456"}' }, 400)
  const { from = phone, text, id } = read.data
  try {
    await replies.reply({ from, text, id })
    return c.json({ taken: true })
  } catch {
    return c.json({ error: 'not taken; bring it again' }, 503)
  }
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return JSON.parse((await readBounded(request, MOST_BYTES))?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
