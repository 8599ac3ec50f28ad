import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { anyProvider, kannel, smsDoor } from '../src/inbound/sms/sms.route.ts'
import type { Reply } from '../src/inbound/web/replies.ts'

const secret = 'q3TbB2dVd0x7u1mY4nZr5w'
const reply = 'from=%2B12065550100&to=12345&text=123456&id=m1'

describe('a reply over HTTP', () => {
  test('is taken from a query, a form or JSON, and answered with nothing', async () => {
    for (const [what, send] of [
      ['query', (w: World) => w.get(`/sms/kannel/${secret}?${reply}`)],
      ['form', (w: World) => w.post(reply, 'application/x-www-form-urlencoded')],
      ['JSON', (w: World) => w.post('{"from":"+12065550100","to":12345,"text":"123456","id":"m1","more":{}}')],
    ] as const) {
      const w = world()
      const answer = await send(w)
      assert.deepEqual([answer.status, await answer.text()], [200, ''], what)
      const [{ at, provider, ...taken } = assert.fail(what)] = w.taken
      assert.deepEqual(taken, { from: '+12065550100', to: '12345', text: '123456', providerId: 'm1' })
      assert.deepEqual([provider, at], [what === 'query' ? 'kannel' : 'http', noon])
    }
  })

  test('keeps its text in every charset that it names', async () => {
    for (const [charset, octets, text] of [
      ['UTF-8', 'Gr%C3%BC%C3%9Fe+%E2%82%AC+%26+%2B', 'Grüße € & +'],
      ['', 'Gr%C3%BC%C3%9Fe', 'Grüße'],
      ['UTF-16BE', '%04%14%040%D8%3D%DE%00', 'Да😀'],
      ['ISO-8859-1', 'Gr%FC%DFe', 'Grüße'],
      ['windows-1252', '%80', '€'],
      ['US-ASCII', '', ''],
    ] as const) {
      const { get, taken } = world()
      await get(`/sms/kannel/${secret}?from=12065550100&to=1&text=${octets}&charset=${charset}`)
      assert.equal(taken[0]?.text, text, charset)
    }
  })

  test('has its sender in E.164, however the provider writes it', async () => {
    for (const from of ['%2B12065550100', '+12065550100', '0012065550100', '12065550100']) {
      const { get, taken } = world()
      await get(`/sms/kannel/${secret}?from=${from}&to=12345&text=1`)
      assert.equal(taken[0]?.from, '+12065550100', from)
    }
  })

  test('that is none changes nothing', async () => {
    const { get, post, taken } = world()
    for (const query of [
      '',
      'from=12065550100&to=1',
      'to=1&text=1',
      'from=12065550100&text=1',
      'from=12345&to=1&text=1',
      'from=Contoso&to=1&text=1',
      'from=12065550100&to=%3Cb%3E&text=1',
      'from=12065550100&to=1&text=1&text=2',
      'from=12065550100&to=1&text=%FF',
      'from=12065550100&to=1&text=%00',
      'from=12065550100&to=1&text=%',
      'from=12065550100&to=1&text=1&charset=utf-7',
      'from=12065550100&to=1&text=%04&charset=UTF-16BE',
      `from=12065550100&to=1&text=1&id=${'x'.repeat(201)}`,
      `from=12065550100&to=1&text=${'x'.repeat(2_001)}`,
    ]) {
      assert.equal((await get(`/sms/kannel/${secret}?${query}`)).status, 400, query)
    }
    assert.equal((await post('null')).status, 400)
    assert.equal((await post('[]')).status, 400)
    assert.equal((await post('{')).status, 400)
    assert.equal((await post(`{"text":"${'x'.repeat(20_000)}"}`)).status, 413)
    assert.equal((await post(reply, 'text/plain')).status, 415)
    assert.deepEqual(taken, [])
  })

  test('of whatever octets gets an answer of the door', async () => {
    const { get, post, failures } = world()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 200 }), async (text, bytes) => {
        const query = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
        assert.ok([200, 400].includes((await get(`/sms/kannel/${secret}?from=12065550100&to=1&text=${query}`)).status))
        assert.ok([200, 400, 413].includes((await post(text, 'application/x-www-form-urlencoded')).status))
        assert.ok([200, 400, 413].includes((await post(JSON.stringify({ text, from: text }))).status))
      }),
      { numRuns: 200 },
    )
    assert.deepEqual(failures, [])
  })
})

describe('the secret of the path', () => {
  test('is demanded, whole: anything else is as if nothing were there', async () => {
    const { get, taken } = world()
    for (const wrong of ['', '/', `/${secret.slice(1)}`, `/${secret}x`, `/${secret.toLowerCase()}`, `/${secret}/`]) {
      const answer = await get(`/sms/kannel${wrong}?${reply}`)
      assert.deepEqual([answer.status, await answer.text()], [404, ''], wrong)
    }
    assert.equal((await get(`/sms/other/${secret}?${reply}`)).status, 404)
    assert.deepEqual(taken, [])
  })

  test('has to be there and hard to guess, or there is no door', () => {
    for (const weak of ['', 'kannel', 'a'.repeat(21), `${secret}/`]) {
      assert.throws(() => world({ secret: weak }), RangeError, weak)
    }
  })

  test('is told to nobody when something breaks', async () => {
    const { get, failures } = world({ take: () => Promise.reject(new Error('the database is gone')) })
    assert.equal((await get(`/sms/kannel/${secret}?${reply}`)).status, 503)
    assert.equal(failures.length, 1)
    assert.doesNotMatch(JSON.stringify(failures), new RegExp(secret))
  })
})

describe('a reply that comes again', () => {
  test('is taken once, also when both come at once', async () => {
    const { get, taken } = world()
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(`/sms/kannel/${secret}?${reply}`)))
    assert.ok(answers.every(({ status }) => status === 200))
    assert.equal((await get(`/sms/kannel/${secret}?${reply}`)).status, 200)
    assert.equal(taken.length, 1)
  })

  test('is another one with another id, without an id, or from another provider', async () => {
    const { get, post, taken } = world()
    await get(`/sms/kannel/${secret}?${reply}`)
    await get(`/sms/kannel/${secret}?${reply.replace('m1', 'm2')}`)
    await get(`/sms/kannel/${secret}?${reply.replace('m1', '')}`)
    await get(`/sms/kannel/${secret}?${reply.replace('m1', '')}`)
    await post(reply, 'application/x-www-form-urlencoded')
    assert.equal(taken.length, 5)
    assert.equal(new Set(taken.map(({ provider, providerId }) => `${provider} ${providerId}`)).size, 5)
  })

  test('is taken when it was not the first time', async () => {
    let broken = true
    const { get, taken } = world({ take: async () => broken && Promise.reject(new Error('the database is gone')) })
    assert.equal((await get(`/sms/kannel/${secret}?${reply}`)).status, 503)
    broken = false
    assert.equal((await get(`/sms/kannel/${secret}?${reply}`)).status, 200)
    assert.equal(taken.length, 1)
  })

  test('after a day is a new one', async () => {
    const { get, taken, wait } = world()
    await get(`/sms/kannel/${secret}?${reply}`)
    wait(24 * 60 * 60_000)
    await get(`/sms/kannel/${secret}?${reply}`)
    assert.equal(taken.length, 2)
  })
})

describe('the door', () => {
  test('asks for a reply again when it is not taken in time, and takes it once all the same', async () => {
    const slow = Promise.withResolvers<void>()
    const { get, taken } = world({ take: () => slow.promise, patienceMs: 5 })
    const answer = await get(`/sms/kannel/${secret}?${reply}`)
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5'])
    slow.resolve()
    assert.equal((await get(`/sms/kannel/${secret}?${reply}`)).status, 200)
    assert.equal(taken.length, 1)
  })

  test('takes no more at once than it has places', async () => {
    const slow = Promise.withResolvers<void>()
    let open = 0
    const { get } = world({
      take: () => {
        open++
        return slow.promise
      },
    })
    const answers = Array.from({ length: 100 }, (_, n) => get(`/sms/kannel/${secret}?${reply}${n}`))
    await answers.at(-1)
    assert.equal(open, 64)
    slow.resolve()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 200).length, 64)
    assert.equal(statuses.filter((status) => status === 503).length, 36)
  })

  test('takes nothing by other methods, HEAD included', async () => {
    const { app, taken } = world()
    for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      assert.equal((await app.request(`/sms/kannel/${secret}?${reply}`, { method })).status, 405, method)
    }
    assert.deepEqual(taken, [])
  })
})

const noon = new Date('2026-01-01T12:00:00Z')
type World = ReturnType<typeof world>
type Change = { secret?: string; take?: () => Promise<unknown>; patienceMs?: number }

/** At noon, with Kannel and any other provider, and a sink that takes everything. */
function world({ take = async () => {}, ...change }: Change = {}) {
  const taken: Reply[] = []
  const failures: unknown[] = []
  let now = noon
  let lastId = 0
  const app = smsDoor({
    secret,
    providers: [kannel, anyProvider],
    sink: {
      async take(one) {
        await take()
        taken.push(one)
      },
    },
    failure(error, about) {
      failures.push([String(error), about])
      return 503
    },
    now: () => now,
    newId: () => `our-${++lastId}`,
    ...change,
  })
  return {
    app,
    taken,
    failures,
    wait(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds)
    },
    get: async (path: string) => app.request(path),
    post: async (body: string, type = 'application/json') =>
      app.request(`/sms/reply/${secret}`, { method: 'POST', body, headers: { 'content-type': type } }),
  }
}
