import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../src/core/errors.ts'
import { healthDoor, type ReadyCheck } from '../src/inbound/health/health.ts'
import { createMetrics, metricsReference } from '../src/outbound/metrics.ts'

describe('the health listener', () => {
  test('says that the program runs, whatever else is down', async () => {
    const { get } = world({ checks: { database: fails(new Error('down')) } })

    assert.deepEqual(await get('/healthz'), { status: 200, body: { alive: true } })
  })

  test('is ready when every check is', async () => {
    const { get } = world({ checks: { database: works, directory: works } })

    assert.deepEqual(await get('/readyz'), {
      status: 200,
      body: { ready: true, checks: { database: { ok: true }, directory: { ok: true } } },
    })
  })

  test('says which check failed, by its code and without its message', async () => {
    const unreachable = new AppError('database.unreachable', { detail: 'db.internal.example.org' })
    const { get } = world({ checks: { database: fails(unreachable), odd: fails('text'), directory: works } })

    assert.deepEqual(await get('/readyz'), {
      status: 503,
      body: {
        ready: false,
        checks: {
          database: { ok: false, why: 'database.unreachable' },
          odd: { ok: false, why: 'failed' },
          directory: { ok: true },
        },
      },
    })
  })

  test('does not wait for a check that never answers, and tells it to stop', async () => {
    const stopped = Promise.withResolvers<void>()
    const never: ReadyCheck = (signal) => {
      signal.addEventListener('abort', () => stopped.resolve())
      return new Promise(() => {})
    }
    // The timeout of a signal does not keep the process alive by itself.
    const awake = setInterval(() => {}, 1000)

    const { status, body } = await world({ checks: { database: never }, patienceMs: 10 }).get('/readyz')
    await stopped.promise
    clearInterval(awake)

    assert.deepEqual([status, body.checks], [503, { database: { ok: false, why: 'timeout' } }])
  })

  test('serves nothing else', async () => {
    assert.equal((await world({}).app.request('/')).status, 404)
    assert.equal((await world({}).app.request('/healthz', { method: 'POST' })).status, 404)
  })

  test('serves the metrics as Prometheus reads them', async () => {
    const { app, metrics } = world({})
    metrics.signIn('right')
    metrics.secondStep('text', 'passed')
    metrics.request('portal', 200, 0.03)

    const response = await app.request('/metrics')
    const page = await response.text()

    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    assert.match(page, /^sallyport_sign_ins_total\{outcome="right"\} 1$/m)
    assert.match(page, /^sallyport_sign_ins_total\{outcome="wrong"\} 0$/m)
    assert.match(page, /^sallyport_second_steps_total\{method="text",outcome="passed"\} 1$/m)
    assert.match(page, /^sallyport_http_requests_total\{door="portal",status="200"\} 1$/m)
    assert.match(page, /^sallyport_http_seconds_bucket\{le="0\.05",door="portal"\} 1$/m)
  })
})

describe('the metrics', () => {
  test('never take a label from outside', async () => {
    const { metrics } = world({})

    metrics.text('http', 'taken')
    metrics.text('made up', 'taken')
    metrics.request('sdk', 12_345, 1)

    const page = await metrics.page()
    assert.match(page, /provider="http",outcome="taken"\} 1/)
    assert.match(page, /provider="other",outcome="taken"\} 1/)
    assert.match(page, /status="other"\} 1/)
    assert.ok(!page.includes('made up'))
  })

  test('of two servers in one process do not mix', async () => {
    const [one, other] = [createMetrics({ texts: [] }), createMetrics({ texts: [] })]

    one.signIn('wrong')

    assert.match(await other.page(), /^sallyport_sign_ins_total\{outcome="wrong"\} 0$/m)
    assert.match(await other.page(), /^process_cpu_seconds_total /m)
  })

  test('stand on the reference page', async () => {
    const page = metricsReference()

    for (const [name] of (await world({}).metrics.page()).matchAll(/(?<=^# TYPE )\S+/gm)) assert.ok(page.includes(name))
  })
})

const works: ReadyCheck = async () => {}
const fails =
  (error: unknown): ReadyCheck =>
  async () => {
    throw error
  }

/** A program whose checks are these. */
function world({ checks = {}, patienceMs }: { checks?: Record<string, ReadyCheck>; patienceMs?: number }) {
  const metrics = createMetrics({ texts: ['http'], process: false })
  const app = healthDoor({ checks, metrics, patienceMs })
  return {
    app,
    metrics,
    async get(path: string) {
      const response = await app.request(path)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
  }
}
