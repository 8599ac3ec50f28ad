import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Hono } from 'hono'
import type { Calls } from '../../src/inbound/telephony/calls.ts'
import { mountTelephony } from '../../src/inbound/telephony/telephony.ts'
import { callbackAddresses } from '../../src/protocols/callback-addresses.ts'
import { adasPhone, noon, publicUrl, world } from './world.ts'

type Fields = Record<string, string>

const form = 'application/x-www-form-urlencoded'
const hangUp = '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Hangup/></Response>'

describe('a callback that is not what was awaited changes nothing and gets 403', () => {
  let at: Awaited<ReturnType<typeof world>>
  let call = ''
  let made = 0
  let sid = ''
  before(async () => {
    at = await world({ mode: 'pin' })
  })
  after(() => at.stop())
  beforeEach(async () => {
    call = `c${++made}`
    at.twilio.phone(adasPhone, 'rings')
    sid = (await at.call(call)).providerId
    at.turnedAway.length = 0
  })

  const voice = (step: number, id = call) => at.addresses.addressOf({ kind: 'voice', id, step })
  const status = () => at.addresses.addressOf({ kind: 'call-status', id: call })
  const about = (more: Fields = {}): Fields => ({ CallSid: sid, CallStatus: 'in-progress', ...more })
  const send = (address: string, fields: Fields, headers: Fields = {}) =>
    at.request(address, {
      method: 'POST',
      headers: { 'content-type': form, ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  const signed = (address: string, fields: Fields) =>
    send(address, fields, { 'x-twilio-signature': at.twilio.sign(address, fields) })

  /** 403, a document that hangs up, and a call that is where it was. */
  async function refused(answer: Promise<Response>, why: string, before = at.engine.stateOf(call)) {
    const response = await answer
    assert.equal(response.status, 403)
    assert.equal(await response.text(), hangUp)
    assert.deepEqual(at.engine.stateOf(call), before)
    assert.deepEqual(at.turnedAway, [why])
  }

  test('unsigned', async () => {
    await refused(send(voice(0), about()), 'unsigned')
    at.turnedAway.length = 0
    await refused(send(voice(0), about(), { 'x-twilio-signature': '' }), 'unsigned')
  })

  test('wrongly signed: by another token, over other fields, over another address, without its padding', async () => {
    const { sign } = at.twilio
    const address = voice(0)
    for (const signature of [
      'x',
      Buffer.alloc(20).toString('base64'),
      sign(address, about({ Digits: '1' })),
      sign(voice(1), about()),
      sign(address, about()).replace('=', ''),
      ` ${sign(address, about())}x`,
    ]) {
      at.turnedAway.length = 0
      await refused(send(address, about(), { 'x-twilio-signature': signature }), 'signature')
    }
  })

  test('signed over the address where we really listen, also with forged headers that say so', async () => {
    const address = voice(0)
    const local = new URL((await at.request(address, { method: 'GET' })).url).origin
    const here = address.replace(publicUrl, local)
    const { host } = new URL(local)
    for (const headers of [
      {},
      { 'x-forwarded-host': host, 'x-forwarded-proto': 'http' },
      { forwarded: `host=${host};proto=http` },
      { 'x-original-url': here, 'x-forwarded-host': 'evil.example' },
    ]) {
      at.turnedAway.length = 0
      const signature = at.twilio.sign(here, about())
      await refused(send(address, about(), { 'x-twilio-signature': signature, ...headers }), 'signature')
    }
  })

  test('signed over a host that is put forward, by header or by the Host itself', async () => {
    const elsewhere = voice(0).replace('mfa.example.org', 'evil.example')
    const signature = at.twilio.sign(elsewhere, about())
    await refused(
      send(voice(0), about(), { 'x-twilio-signature': signature, 'x-forwarded-host': 'evil.example' }),
      'signature',
    )

    const { port } = new URL((await at.request(voice(0), { method: 'GET' })).url)
    const body = new URLSearchParams(about()).toString()
    const head = [
      `POST ${new URL(elsewhere).pathname} HTTP/1.1`,
      ...['host: evil.example', 'connection: close', `x-twilio-signature: ${signature}`],
      ...[`content-type: ${form}`, `content-length: ${body.length}`],
    ]
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    assert.match(await text(socket), /^HTTP\/1\.1 403 /)
    assert.deepEqual(at.turnedAway, ['signature', 'signature'])
  })

  test('and the right host in front of it works, whatever the Host header says: only the configured address counts', async () => {
    const answer = await signed(voice(0), about())
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /<Gather .*Enter your PIN/)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/xml/)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
  })

  test('with a query that was not signed, or a signed query that was taken away', async () => {
    const address = voice(0)
    await refused(
      send(`${address}?hash=dropped`, about(), { 'x-twilio-signature': at.twilio.sign(address, about()) }),
      'signature',
    )
    at.turnedAway.length = 0
    const asked = at.twilio.sign(`${address}?hash=dropped`, about())
    await refused(send(address, about(), { 'x-twilio-signature': asked }), 'signature')
  })

  test('replayed: each step is taken once', async () => {
    await signed(voice(0), about())
    await refused(signed(voice(0), about()), 'call')
    at.turnedAway.length = 0
    const keys = about({ Digits: '1' })
    const first = await signed(`${voice(1)}?hash=dropped`, keys)
    assert.match(await first.text(), /PIN is not right/)
    await refused(signed(`${voice(1)}?hash=dropped`, keys), 'call')
  })

  test('sent many times at once: one of them counts', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => signed(voice(0), about())))
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, ...Array(9).fill(403)])
  })

  test('ahead of its turn, or with a step that is none', async () => {
    await refused(signed(voice(1), about({ Digits: '1234#' })), 'call')
    for (const step of ['00', '1e0', '-1', '0x0', '1000', 'a']) {
      at.turnedAway.length = 0
      await refused(signed(voice(0).replace('/0/', `/${step}/`), about()), 'secret')
    }
  })

  test('with the secret of another call, another step, another kind, or a cut one', async () => {
    at.engine.begin('other', {})
    const path = `${publicUrl}/telephony/voice/${call}/0`
    const own = voice(0).split('/').at(-1) ?? ''
    for (const secret of [
      ...[voice(0, 'other'), voice(1), status()].map((a) => a.split('/').at(-1)),
      own.slice(1),
      'x',
    ]) {
      at.turnedAway.length = 0
      await refused(signed(`${path}/${secret}`, about()), 'secret')
    }
  })

  test("with another call's CallSid, with none, or with two", async () => {
    await signed(voice(0), about())
    const before = at.engine.stateOf(call)
    const another = { ...about(), CallSid: `CA${'0'.repeat(32)}` }
    await refused(signed(voice(1), another), 'call', before)
    for (const fields of [{ CallStatus: 'in-progress' }, { CallSid: '', CallStatus: 'in-progress' }]) {
      at.turnedAway.length = 0
      await refused(signed(voice(1), fields), 'call', before)
    }
    at.turnedAway.length = 0
    const signature = at.twilio.sign(voice(1), { CallSid: `${sid}CallSid${sid.replace('CA', 'CB')}` })
    const twice = `CallSid=${sid}&CallSid=${sid.replace('CA', 'CB')}`
    const answer = at.request(voice(1), {
      method: 'POST',
      headers: { 'content-type': form, 'x-twilio-signature': signature },
      body: twice,
    })
    await refused(answer, 'call', before)
  })

  test('about a call that does not exist', async () => {
    const answer = await signed(voice(0, 'nobody'), about())
    assert.equal(answer.status, 403)
    assert.deepEqual(at.turnedAway, ['call'])
  })

  test('a status unsigned, with the wrong secret or call, replayed, or after the end', async () => {
    const over = { CallSid: sid, CallStatus: 'busy' }
    await refused(send(status(), over), 'unsigned')
    at.turnedAway.length = 0
    await refused(signed(`${publicUrl}/telephony/status/call/${call}/x`, over), 'secret')
    at.turnedAway.length = 0
    await signed(voice(0), about())
    const before = at.engine.stateOf(call)
    await refused(signed(status(), { ...over, CallSid: 'CA0' }), 'call', before)
    assert.equal((await signed(status(), { ...over, CallStatus: 'ringing' })).status, 204)
    assert.deepEqual(at.engine.stateOf(call), before, 'a call that is under way is not over')

    assert.equal((await signed(status(), { ...over, CallStatus: 'completed' })).status, 204)
    assert.deepEqual(at.engine.outcomes(call), ['hung-up'])
    at.turnedAway.length = 0
    await refused(signed(status(), over), 'call')
    at.turnedAway.length = 0
    await refused(signed(`${voice(1)}?hash=dropped`, about({ Digits: '1234' })), 'call')
    assert.deepEqual(at.engine.outcomes(call), ['hung-up'])
  })
})

describe('what is no form', () => {
  test('is refused by its kind and size, and unread where there is no signature', async (t) => {
    const { request, addresses, turnedAway, stop } = await world()
    t.after(stop)
    const address = addresses.addressOf({ kind: 'voice', id: 'c1', step: 0 })
    const post = async (body: string, type = form, signature = 'x') =>
      (
        await request(address, {
          method: 'POST',
          headers: { 'content-type': type, 'x-twilio-signature': signature },
          body,
        })
      ).status
    assert.equal(await post('{}', 'application/json'), 415)
    assert.equal(await post('a=b', 'text/plain'), 415)
    assert.equal(await post(`a=${'x'.repeat(17_000)}`), 413)
    assert.equal(await post(`a=${'x'.repeat(17_000)}`, form, ''), 403)
    for (const wrong of ['a=%', 'a=%ff', '=b', 'a=%00', 'a=1&'.repeat(101)]) assert.equal(await post(wrong), 400, wrong)
    assert.equal(await post('', form), 403, 'an empty one can be signed, and this one is not')
    const get = await request(address, {})
    assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST'])
    assert.ok(turnedAway.every((why) => why === 'form' || why === 'unsigned' || why === 'signature'))
  })
})

describe('the door itself', () => {
  const now = () => noon
  const addresses = callbackAddresses({ publicUrl, key: Buffer.alloc(32, 7) })
  const failing: Calls = {
    take: async () => 'yours',
    answered: () => Promise.reject(new Error('the database is gone')),
    keys: () => Promise.reject(new Error('the database is gone')),
    ended: async () => {},
  }

  test('is not mounted without a token', () => {
    for (const accounts of [[], [{ name: 'twilio', authToken: '' }]]) {
      const needs = { addresses, accounts, calls: failing, failure: () => 500 as const, newId: () => 'r1', now }
      assert.throws(() => mountTelephony(new Hono(), needs), RangeError)
    }
  })

  test('hangs up when the engine fails, and writes it down without id and secret', async (t) => {
    const { twilio, stop } = await world()
    t.after(stop)
    const app = new Hono()
    const written: unknown[] = []
    mountTelephony(app, {
      ...{
        addresses,
        accounts: [{ name: 'twilio', authToken: twilio.authToken }],
        calls: failing,
        newId: () => 'r1',
        now,
      },
      failure: (error, about) => {
        written.push(String(error), about)
        return 503
      },
    })
    const address = addresses.addressOf({ kind: 'voice', id: 'c1', step: 0 })
    const fields = { CallSid: 'CA1' }
    const answer = await app.request(address, {
      method: 'POST',
      headers: { 'content-type': form, 'x-twilio-signature': twilio.sign(address, fields) },
      body: new URLSearchParams(fields).toString(),
    })
    assert.deepEqual([answer.status, await answer.text()], [503, hangUp])
    const path = '/telephony/voice/:call/:step/:secret'
    assert.deepEqual(written, ['Error: the database is gone', { id: 'r1', method: 'POST', path }])
    assert.equal((await app.request('/telephony/sms', { method: 'POST' })).status, 404, 'nobody takes replies here')
  })
})
