import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connect } from 'node:tls'
import type { Call } from '../src/contract/caller.ts'
import { type Api, perOperation } from '../src/contract/contract.ts'
import { AppError } from '../src/core/errors.ts'
import { account, basic, type Sent, sdkWorld } from './sdk.ts'

const root = '/MultiFactorAuthWebServiceSdk/'

describe('the JSON door and who may come in', () => {
  const wrong: [what: string, authorization: string][] = [
    ['nothing', ''],
    ['a wrong password', basic('portal', 'wrong')],
    ['an unknown name', basic('nobody', account.password)],
    ['no colon', `Basic ${btoa('portal')}`],
    ['no name', basic('', account.password)],
    ['an empty password', basic('portal', '')],
    ['another scheme', basic('portal', account.password).replace('Basic', 'Bearer')],
    ['what is not base64', 'Basic §§§'],
    ['what is not UTF-8', `Basic ${Buffer.from([...Buffer.from('portal:'), 0xff, 0xfe]).toString('base64')}`],
    ['a NUL', basic('portal\0', account.password)],
    ['a line break', basic('portal', `${account.password}\n`)],
    ['two credentials', `${basic('portal', account.password)}, ${basic('portal', account.password)}`],
    ['capital letters in the name', basic('Portal', account.password)],
  ]
  for (const [what, authorization] of wrong) {
    test(`${what}: 401, the same for all, and nothing is called`, async () => {
      const { send, operate, calls } = await world()

      for (const { status, text, headers } of [
        await operate('readSite', { headers: { authorization } }),
        await send(root, { method: 'GET', headers: { authorization } }),
        await send(`${root}v1/none`, { headers: { authorization } }),
        await operate('readSite', { method: 'PUT', headers: { authorization } }),
        await operate('readSite', { headers: { authorization }, body: 'x'.repeat(200_000) }),
      ]) {
        assert.deepEqual([status, text], [401, '{"ok":false,"error":"unauthenticated"}'])
        assert.match(String(headers['www-authenticate']), /^Basic realm=".+", charset="UTF-8"$/)
      }
      assert.deepEqual(calls, [])
    })
  }

  test('a stranger is answered before the body is read', async () => {
    const { port, tls } = await world()
    const socket = connect({ port, host: '127.0.0.1', ca: tls.cert })

    socket.write(`POST ${root}v1/readSite HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{`)
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))

    assert.match(answer, /^HTTP\/1\.1 401 /)
    socket.destroy()
  })

  test('control characters do not even reach the check', async () => {
    const { operate, checked } = await world()

    for (const authorization of [basic('portal\0', 'x'), basic('portal', 'x\r\ny'), basic('portal', '\u0085')])
      assert.equal((await operate('readSite', { headers: { authorization } })).status, 401)
    assert.deepEqual(checked, [])
  })

  test('a password may hold colons, and a scheme any case', async () => {
    const { operate, checked } = await world({ password: 'a:b::c' })

    const { status } = await operate('readSite', {
      headers: { authorization: basic('portal', 'a:b::c').replace('Basic', 'bAsIc') },
    })

    assert.equal(status, 200)
    assert.deepEqual(checked, [['portal', 'a:b::c', '127.0.0.1']])
  })

  test('a password is read as UTF-8', async () => {
    const { operate } = await world({ password: 'pässwörd → 16' })

    assert.equal(
      (await operate('readSite', { headers: { authorization: basic('portal', 'pässwörd → 16') } })).status,
      200,
    )
  })

  test('an operator who looks with a browser is told what this is', async () => {
    const { send } = await world()

    const { status, text, headers } = await send(root, { method: 'GET' })

    assert.equal(status, 200)
    assert.ok(!text.includes('\n'))
    const { service, account: named, version } = JSON.parse(text)
    assert.deepEqual([service, named, version], ['Sallyport Web Service SDK', 'portal', '0'])
    assert.equal(headers['www-authenticate'], undefined)
  })
})

describe('the JSON door and what is sent to it', () => {
  const inputs: [what: string, sent: Sent, status: number, body: unknown, passedOn?: unknown][] = [
    ['an object', { body: '{"a":1}' }, 200, { ok: true, value: { said: 'hello' } }, { a: 1 }],
    ['broken JSON', { body: '{"a":' }, 200, { ok: true, value: { said: 'hello' } }, undefined],
    ['nothing', { body: '' }, 200, { ok: true, value: { said: 'hello' } }, undefined],
    ['bytes that are no UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 200, { ok: true, value: { said: 'hello' } }],
    ['a byte order mark', { body: '\ufeff{}' }, 200, { ok: true, value: { said: 'hello' } }],
    ['65,537 bytes', { body: `"${'x'.repeat(65_535)}"` }, 413, { ok: false, refusal: 'input.malformed' }],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415, { ok: false, refusal: 'input.malformed' }],
    [
      'another charset',
      { headers: { 'content-type': 'application/json; charset=utf-16' } },
      415,
      { ok: false, refusal: 'input.malformed' },
    ],
  ]
  for (const [what, sent, status, body, passedOn] of inputs) {
    test(`${what}: ${status}`, async () => {
      const { operate, calls } = await world()

      const answer = await operate('readSite', sent)

      assert.deepEqual([answer.status, JSON.parse(answer.text)], [status, body])
      assert.deepEqual(
        calls.map(({ input }) => input),
        status === 200 ? [passedOn] : [],
      )
    })
  }

  test('65,536 bytes, and thirty thousand arrays inside each other, are read', async () => {
    const { operate } = await world()

    for (const body of [`"${'x'.repeat(65_534)}"`, '['.repeat(30_000) + ']'.repeat(30_000)])
      assert.equal((await operate('readSite', { body })).status, 200)
  })

  test('a body that is announced as too long is not waited for', async () => {
    const { port, tls } = await world()
    const socket = connect({ port, host: '127.0.0.1', ca: tls.cert }).on('error', () => {})
    socket.write(
      `POST ${root}v1/readSite HTTP/1.1\r\nhost: x\r\nauthorization: ${basic(account.name, account.password)}\r\n` +
        'content-type: application/json\r\ncontent-length: 1000000\r\n\r\n',
    )

    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))

    assert.match(answer, /^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  test('a body in pieces without a length is cut off at the same point', async () => {
    const { port, tls, calls } = await world()
    const socket = connect({ port, host: '127.0.0.1', ca: tls.cert }).on('error', () => {})
    socket.write(
      `POST ${root}v1/readSite HTTP/1.1\r\nhost: x\r\nauthorization: ${basic(account.name, account.password)}\r\n` +
        'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    for (let i = 0; i < 5; i++) socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`)

    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))

    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.deepEqual(calls, [])
    socket.destroy()
  })

  test('keys that pollute prototypes reach nobody', async () => {
    const { operate } = await world()

    await operate('readSite', { body: '{"__proto__":{"ok":true},"constructor":{"prototype":{"console":true}}}' })

    assert.equal(({} as Record<string, unknown>).ok, undefined)
    assert.equal(({} as Call).console, undefined)
  })

  test('headers of 200 KB are refused, and the next one is served', async () => {
    const { operate } = await world()

    const answer = await operate('readSite', { headers: { 'sallyport-session': 'x'.repeat(200_000) } }).catch(
      () => undefined,
    )

    assert.ok(answer === undefined || answer.status === 431)
    assert.equal((await operate('readSite')).status, 200)
  })

  test('an operation that is none is 404, another method 405, whatever the spelling', async () => {
    const { send, operate, calls } = await world()

    for (const name of ['none', 'toString', '__proto__', 'readsite', 'readSite/', '../v1', ''])
      assert.equal((await operate(name)).status, 404, name)
    const put = await operate('readSite', { method: 'PUT' })
    assert.deepEqual([put.status, put.headers.allow], [405, 'POST'])
    assert.equal((await send(root)).headers.allow, 'GET, HEAD')
    assert.equal((await operate('readSite', { method: 'GET' })).status, 405)
    assert.deepEqual(calls, [])
  })
})

describe('the JSON door and the call it makes', () => {
  const spoken: [header: string, text: string, part: keyof Call, becomes: string | undefined][] = [
    ['sallyport-client-address', '198.51.100.7', 'address', '198.51.100.7'],
    ['sallyport-client-address', '2001:DB8:0::1', 'address', '2001:db8::1'],
    ['sallyport-client-address', '::ffff:198.51.100.7', 'address', '198.51.100.7'],
    ['sallyport-client-address', '198.51.100.7, 10.0.0.1', 'address', undefined],
    ['sallyport-client-address', '198.51.100.07', 'address', undefined],
    ['sallyport-client-address', 'localhost', 'address', undefined],
    ['sallyport-client-agent', 'x'.repeat(400), 'userAgent', 'x'.repeat(300)],
    ['sallyport-client-language', 'de-AT', 'language', 'de-AT'],
    ['sallyport-client-language', '../../etc', 'language', undefined],
    ['sallyport-session', 'se_x', 'session', 'se_x'],
    ['x-forwarded-for', '198.51.100.7', 'address', undefined],
    ['sallyport-account', 'other', 'account', 'portal'],
  ]
  for (const [header, text, part, becomes] of spoken) {
    test(`${header}: ${text.slice(0, 30)} becomes ${part} ${becomes?.slice(0, 30)}`, async () => {
      const { operate, calls } = await world()

      await operate('readSite', { headers: { [header]: text } })

      assert.equal(calls[0]?.call[part], becomes)
      assert.ok(!('console' in (calls[0]?.call ?? {})))
    })
  }
})

describe('the JSON door and its answers', () => {
  const answers: [refusal: string, status: number][] = [
    ['caller.refused', 401],
    ['input.malformed', 400],
    ['proof.stale', 409],
    ['credentials.wrong', 409],
  ]
  for (const [refusal, status] of answers) {
    test(`${refusal} is ${status}`, async () => {
      const { operate } = await world({ answer: async () => ({ ok: false, refusal }) })

      const { status: found, text, headers } = await operate('readSite')

      assert.deepEqual([found, JSON.parse(text)], [status, { ok: false, refusal }])
      assert.equal(headers['www-authenticate'] !== undefined, status === 401)
    })
  }

  test('are kept by nobody and have a number', async () => {
    const { operate, answered } = await world()

    for (const sent of [{}, { method: 'PUT' }, { headers: { authorization: '' } }]) {
      const { headers } = await operate('readSite', sent)
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['content-type'], 'application/json')
      assert.equal(headers['request-id'], answered.at(-1)?.id)
    }
    assert.deepEqual(
      answered.map(({ method, route, status, address }) => [method, route, status, address]),
      [
        ['POST', '/v1/readSite', 200, '127.0.0.1'],
        ['PUT', '/v1/readSite', 405, '127.0.0.1'],
        ['POST', '/v1/readSite', 401, '127.0.0.1'],
      ],
    )
  })

  test('a surprise says its number and nothing else; one that passes says when to come again', async () => {
    for (const [error, status, name] of [
      [new AppError('queue.full', { detail: 'inside' }), 503, 'unavailable'],
      [new TypeError('inside'), 500, 'broken'],
    ] as const) {
      const { operate, failures } = await world({ answer: () => Promise.reject(error) })

      const { status: found, text, headers } = await operate('readSite')

      assert.equal(found, status)
      assert.deepEqual(JSON.parse(text), { ok: false, error: name, id: headers['request-id'] })
      assert.equal(headers['retry-after'], status === 503 ? '5' : undefined)
      assert.deepEqual(failures, [error])
    }
  })

  test('a check of the account that fails is a surprise like any other', async () => {
    const { operate } = await world({ check: () => Promise.reject(new AppError('database.unreachable')) })

    assert.equal((await operate('readSite')).status, 503)
  })
})

type Answering = { answer?: () => Promise<unknown>; password?: string; check?: () => Promise<boolean> }

/** The door before an engine that notes what it is asked. */
async function world({ answer, password = account.password, check }: Answering = {}) {
  const calls: { call: Call; input: unknown }[] = []
  const checked: unknown[] = []
  const api = perOperation((name) => async (call: Call, input: unknown) => {
    if (name === 'readServer') return { ok: true, value: { version: '0', at: '2026-01-01T12:00:00Z' } }
    calls.push({ call, input })
    return (await answer?.()) ?? { ok: true, value: { said: 'hello' } }
  }) as unknown as Api
  const sdk = await sdkWorld({
    api,
    async checkServiceAccount(...given) {
      checked.push(given)
      return check ? check() : given[0] === account.name && given[1] === password
    },
  })
  return { ...sdk, calls, checked }
}
