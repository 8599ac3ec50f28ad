import { Hono } from 'hono'

/** Resolves when what it asks of is there; throws otherwise. The signal says when nobody waits for it any more. */
export type ReadyCheck = (signal: AbortSignal) => Promise<unknown>

type Needs = {
  /** By the name that the answer calls them. */
  checks: Readonly<Record<string, ReadyCheck>>
  metrics: { readonly contentType: string; page(): Promise<string> }
  /** How long a check may take, in milliseconds. Probes mostly give up after a second or more. */
  patienceMs?: number | undefined
}

type Found = { ok: true } | { ok: false; why: string }

/**
 * What watches over the program asks here, on a listener of its own, in plain HTTP: `/healthz` (it runs: restart it when
 * not), `/readyz` (it can serve: send nobody when not) and `/metrics` (Prometheus's text format).
 */
export function healthDoor({ checks, metrics, patienceMs = 1000 }: Needs): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
  })

  app.get('/healthz', (c) => c.json({ alive: true }))

  app.get('/readyz', async (c) => {
    const names = Object.keys(checks)
    const found = await Promise.all(Object.values(checks).map((check) => outcome(check, patienceMs)))
    const ready = found.every(({ ok }) => ok)
    return c.json({ ready, checks: Object.fromEntries(names.map((name, i) => [name, found[i]])) }, ready ? 200 : 503)
  })

  app.get('/metrics', async (c) => c.body(await metrics.page(), 200, { 'content-type': metrics.contentType }))
  return app
}

async function outcome(check: ReadyCheck, patienceMs: number): Promise<Found> {
  const patience = AbortSignal.timeout(patienceMs)
  const given = new Promise<Found>((resolve) => {
    patience.addEventListener('abort', () => resolve({ ok: false, why: 'timeout' }), { once: true })
  })
  return Promise.race([given, ask(check, patience)])
}

/** `why` is the error's code, never its message: the reason is in the log, where those stand who may read it. */
async function ask(check: ReadyCheck, signal: AbortSignal): Promise<Found> {
  try {
    await check(signal)
    return { ok: true }
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
    return { ok: false, why: code }
  }
}
