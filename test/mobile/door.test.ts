import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Api } from '../../src/contract/contract.ts'
import { AppError } from '../../src/core/errors.ts'
import { codeFor, newDevice } from '../app/device.ts'
import { dialects } from '../contracts/dialects.ts'
import { doorWorld } from './world.ts'

const malformed = { ok: false, refusal: 'input.malformed' }
const refused = { ok: false, refusal: 'caller.refused' }

describe('the Mobile App Web Service', () => {
  test('activates a device, tells it what it is asked, and takes its answer', async () => {
    const { api, session, signed, send, begin, look, finish, ...world } = await open({ 'portal.app_devices': 3 })
    const code = await codeFor(api, session)
    const device = newDevice({ api, ...world })
    const proof = device.signature(`sallyport-activation-v1\n${code}\n${device.key}`)
    const body = JSON.stringify({ code, publicKey: device.key, proof, name: 'Laptop' })
    const { status, json, headers } = await send('POST', '/v1/activate', { body })
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(json.value.device.name, 'Laptop')

    const call = await begin()
    const asked = await signed(world.device, 'GET', '/v1/prompts')
    assert.equal(asked.status, 200)
    const [question] = asked.json.value.prompts
    const { number } = await look(call)
    const answer = { prompt: question.id, challenge: question.challenge, verdict: 'approve', number }
    const told = await signed(world.device, 'POST', '/v1/answer', JSON.stringify(answer))
    assert.deepEqual([told.status, told.json], [200, { ok: true, value: { outcome: 'approved' } }])
    assert.equal(await finish(call), 'passed')
    const own = await signed(world.device, 'GET', '/v1/device')
    assert.ok(own.json.value.device.usedAt)
  })

  test('the input is the body that was signed, to the letter', async () => {
    const { device, signed, send, authorization } = await open()
    const spaced = '{ "name" : "Täblet" }'
    assert.deepEqual((await signed(device, 'POST', '/v1/name', spaced)).json, { ok: true, value: { name: 'Täblet' } })
    const headers = { authorization: authorization(device, 'POST', '/v1/name', '{"name":"Mine"}') }
    for (const body of ['{"name":"Other"}', '{"name":"Mine"} ', '{"name":"Mine"}\n'])
      assert.deepEqual((await send('POST', '/v1/name', { headers, body })).json, refused)
    assert.equal((await send('POST', '/v1/name', { headers, body: '{"name":"Mine"}' })).status, 200)
  })

  test('a signature is good for its method and path alone', async () => {
    const { device, send, authorization } = await open()
    const headers = { authorization: authorization(device, 'GET', '/v1/prompts') }
    assert.equal((await send('GET', '/v1/prompts', { headers })).status, 200)
    assert.deepEqual((await send('GET', '/v1/device', { headers })).json, refused)
    const leave = { authorization: authorization(device, 'POST', '/v1/leave', '{}') }
    assert.deepEqual((await send('POST', '/v1/push', { headers: leave, body: '{}' })).json, refused)
  })

  test('a stranger and a removed device get the same answer, by status, headers and text', async () => {
    const world = await open({ 'portal.app_devices': 2 })
    const { second, signed, send, session, api } = world
    const stranger = newDevice(world)
    assert.ok((await api.removeDevice(session, { id: second.id() })).ok)
    const answers = [
      await signed(second, 'GET', '/v1/device'),
      await signed(stranger, 'GET', '/v1/device'),
      await send('GET', '/v1/device'),
      await send('GET', '/v1/device', { headers: { authorization: 'Bearer x' } }),
      await send('GET', '/v1/device', { headers: { authorization: `Sallyport-Device v1.${randomUUID()}.1.x` } }),
    ]
    const seen = answers.map(({ status, headers, text }) => [status, [...headers].sort().join('|'), text].join('\n'))
    assert.equal(new Set(seen).size, 1, seen.join('\n\n'))
    assert.equal(answers[0]?.status, 401)
    assert.equal(answers[0]?.headers.get('www-authenticate'), 'Sallyport-Device')
  })

  test('a clock that is off is told the time', async () => {
    const { device, send, authorization, clock } = await open()
    const late = authorization(device, 'GET', '/v1/device', '', clock.now().getTime() - 6 * 60_000)
    const { status, json } = await send('GET', '/v1/device', { headers: { authorization: late } })
    assert.deepEqual([status, json.refusal], [401, 'clock.off'])
    const correction = Date.parse(json.at)
    const again = authorization(device, 'GET', '/v1/device', '', correction)
    assert.equal((await send('GET', '/v1/device', { headers: { authorization: again } })).status, 200)
  })

  test('what came before is refused, and says so', async () => {
    const { device, send, authorization } = await open()
    const body = '{"name":"Tablet"}'
    const headers = { authorization: authorization(device, 'POST', '/v1/name', body) }
    assert.equal((await send('POST', '/v1/name', { headers, body })).status, 200)
    const again = await send('POST', '/v1/name', { headers, body })
    assert.deepEqual([again.status, again.json], [409, { ok: false, refusal: 'request.replayed' }])
  })

  test('what is no request of the protocol is refused with its status, and changes nothing', async () => {
    const { device, send, signed, authorization, failures } = await open()
    const long = `{"name":"${'x'.repeat(5_000)}"}`
    const at = (body: string, headers: Record<string, string> = {}) => ({
      headers: { authorization: authorization(device, 'POST', '/v1/name', body), ...headers },
      body,
    })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const [request, status] of [
      [signed(device, 'POST', '/v1/name', 'null'), 400],
      [signed(device, 'POST', '/v1/name', '{"name":7}'), 400],
      [signed(device, 'POST', '/v1/name', '{"name":'), 400],
      [signed(device, 'POST', '/v1/name', ''), 400],
      [signed(device, 'POST', '/v1/name', '{"__proto__":{"name":"x"}}'), 400],
      [send('POST', '/v1/name', at(long)), 413],
      [send('POST', '/v1/name', at('{"name":"x"}', form)), 415],
      [send('POST', '/v1/name', at('{"name":"x"}', { 'content-type': 'application/json; charset=latin1' })), 415],
      [send('POST', '/v1/activate', { body: 'x'.repeat(9_000) }), 413],
      [send('POST', '/v1/activate', { body: '[]' }), 400],
      [send('POST', '/v1/activate', { body: new Uint8Array([123, 255, 125]) }), 400],
      [send('POST', '/v1/activate', { body: '{}', headers: form }), 415],
      [send('PUT', '/v1/name', at('{"name":"x"}')), 405],
      [send('POST', '/v1/device', at('{}')), 405],
      [send('OPTIONS', '/v1/answer'), 405],
      [send('GET', '/v1/activate'), 405],
      [send('GET', '/v1/none'), 404],
      [send('GET', '/v2/device'), 404],
      [send('GET', '/v1/device/'), 404],
    ] as const) {
      const answer = await request
      assert.equal(answer.status, status, answer.text)
      if (status === 400) assert.deepEqual(answer.json, malformed)
    }
    const seen = await signed(device, 'GET', '/v1/device')
    assert.equal(seen.json.value.device.name, 'Phone')
    assert.equal(({} as Record<string, unknown>).name, undefined)
    assert.deepEqual(failures, [])
  })

  test('the scheme is taken in any case, and nothing after the credential', async () => {
    const { device, send, authorization } = await open()
    const header = () => authorization(device, 'GET', '/v1/device')
    const withHeader = async (text: string) =>
      (await send('GET', '/v1/device', { headers: { authorization: text } })).status
    assert.equal(await withHeader(header().replace('Sallyport-Device', 'sallyport-DEVICE')), 200)
    assert.equal(await withHeader(`${header()}, ${header()}`), 401)
    assert.equal(await withHeader(`${header()} x`), 401)
  })

  test('no answer says the number, and the log of requests says nothing of what is signed', async () => {
    const { device, signed, begin, look, answered } = await open()
    const call = await begin()
    const { number } = await look(call)
    const { json } = await signed(device, 'GET', '/v1/prompts')
    // What has digits of its own may have those two by chance.
    const [{ id: _id, challenge: _challenge, askedAt: _at, expiresAt: _until, address, ...told }] = json.value.prompts
    assert.equal(address, '192.0.2.7')
    assert.ok(!JSON.stringify(told).includes(`${number}`))
    assert.deepEqual(Object.keys(answered.at(-1) ?? {}).sort(), [
      'address',
      'id',
      'method',
      'milliseconds',
      'route',
      'status',
    ])
  })

  test('events tell at once, at each change, and when the device is removed', async () => {
    const { device, second, stream, begin, session, api } = await open({ 'portal.app_devices': 2 })
    const events = await stream(second)
    assert.deepEqual([events.status, events.headers.get('content-type')], [200, 'text/event-stream'])
    const first = await events.next()
    assert.deepEqual([first?.event, promptsIn(first?.data).length], ['prompts', 0])
    await begin()
    const asked = await events.next()
    assert.deepEqual([asked?.event, promptsIn(asked?.data).length], ['prompts', 1])
    assert.ok((await device.answer('deny')).ok)
    assert.equal(promptsIn((await events.next())?.data).length, 0)
    assert.ok((await api.removeDevice(session, { id: second.id() })).ok)
    assert.equal((await events.next())?.event, 'refused')
    assert.equal(await events.next(), undefined)
  })

  test('a device has so many streams and no more, and a stranger takes none', async () => {
    const world = await open({ 'portal.app_devices': 2 }, { most: { ofDevice: 2, ofAll: 3 } })
    const { device, second, stream } = world
    const stranger = newDevice(world)
    assert.equal((await stream(stranger)).status, 401)
    const [one, two] = [await stream(device), await stream(device)]
    assert.deepEqual([one.status, two.status, (await stream(device)).status], [200, 200, 429])
    assert.equal((await stream(second)).status, 200)
    await one.close()
    assert.equal((await stream(device)).status, 200)
  })

  test('an engine that cannot be reached is unavailable, and a defect is broken', async () => {
    const { device, signed, failures } = await open({}, { api: down })
    const { status, json, headers } = await signed(device, 'GET', '/v1/device')
    assert.deepEqual([status, json.error, headers.get('retry-after')], [503, 'unavailable', '5'])
    assert.equal(failures.length, 1)
  })
})

function promptsIn(data: unknown): unknown[] {
  return (data as { prompts: unknown[] }).prompts
}

async function open(settings: Record<string, unknown> = {}, door: Parameters<typeof doorWorld>[2] = {}) {
  const [first] = dialects
  assert.ok(first)
  return doorWorld(await first[1](), settings, door)
}

/** An engine on another machine, that cannot be reached. */
const down = new Proxy({} as Api, { get: () => () => Promise.reject(new AppError('engine.unreachable')) })
