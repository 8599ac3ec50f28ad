import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Hono } from 'hono'
import { HtmlValidate } from 'html-validate'
import type { CallStep } from '../../src/core/methods/call/step.ts'
import { mountCallsApi } from '../../src/inbound/simulator/calls.api.ts'
import { simulatorLook } from '../../src/inbound/simulator/simulator.page.ts'
import { simulatorRoutes } from '../../src/inbound/simulator/simulator.route.ts'
import { makeLook } from '../../src/inbound/web/design/look.ts'
import { mountSite } from '../../src/inbound/web/site.ts'
import { phoneSimulator } from '../../src/outbound/delivery/sms/simulator.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'

const noon = Date.parse('2026-01-01T12:00:00Z')
const carol = '+12065550102'

describe('the page of the phones', () => {
  test('shows a phone that rings, with keys that work once it is answered', async (t) => {
    const { ring, page } = world(t)
    await ring('c1')
    const shown = await page()
    assert.match(shown, /Incoming call · ringing 0:04/)
    assert.match(shown, /action="\/simulator\/calls\/c1\/answer".*>Answer</s)
    assert.match(shown, /action="\/simulator\/calls\/c1\/decline".*>Decline</s)
    assert.equal(shown.match(/name="key" value="[0-9*#]" disabled/g)?.length, 12)
    assert.doesNotMatch(shown, /Hang up/)
  })

  test('answers, presses keys and hangs up by forms alone', async (t) => {
    const { ring, page, submit, pressed } = world(t)
    await ring('c1')
    await submit('/calls/c1/answer')
    const talking = await page()
    assert.match(talking, /On the phone/)
    assert.match(
      talking,
      /<p class="words" role="status" lang="en-US">This is the sign-in check of Contoso &#38; Co\. Enter your PIN/,
    )
    assert.doesNotMatch(talking, /disabled/)

    await submit('/calls/c1/keys', { key: '1' })
    await submit('/calls/c1/keys', { key: '2' })
    assert.match(await page(), /2 keys pressed<\/span><span aria-hidden="true">••</)
    await submit('/calls/c1/keys', { key: '#' })
    await submit('/calls/c1/keys', { key: '12#' })
    assert.deepEqual(pressed, ['12#'], 'a key is one key')

    await submit('/calls/c1/hang-up')
    assert.match(await page(), /Ended call · <time.*That PIN is not right/s)
  })

  test('says of a call that is over what became of it', async (t) => {
    const { ring, page, submit } = world(t)
    await ring('c1')
    await ring('c2')
    await submit('/calls/c1/decline')
    const shown = await page()
    assert.match(shown, /Declined call/)
    assert.match(shown, /Missed call, the line was busy/)
    assert.equal(await submit('/calls/c1/answer'), 303, 'too late, and no error')
  })

  test('names the extension, speaks German, shows a number that nobody owns, and is sound HTML', async (t) => {
    const { ring, page, submit } = world(t)
    await ring('c1', { extension: '12', language: 'de', to: '+498930901820' })
    await submit('/calls/c1/answer')
    const shown = await page({ 'accept-language': 'de' })
    assert.match(shown, /Im Gespräch · Durchwahl 12/)
    assert.match(shown, /lang="de-DE">Hier ist die Anmeldeprüfung/)
    assert.match(shown, /<h2>Ein anderes Telefon<\/h2><span class="keep">\+49 89 30901820/)
    const checker = new HtmlValidate({
      root: true,
      extends: ['html-validate:recommended', 'html-validate:document'],
      rules: { 'doctype-style': 'off', 'no-trailing-whitespace': 'off', 'require-sri': 'off', 'meta-refresh': 'off' },
    })
    const { results } = await checker.validateString(shown)
    assert.deepEqual(
      results.flatMap(({ messages }) => messages.map(({ message }) => message)),
      [],
    )
  })

  test('is not changed by a form of another page', async (t) => {
    const { ring, calls, app } = world(t)
    await ring('c1')
    const body = new URLSearchParams({ csrf: 'x'.repeat(30) }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status } = await app.request('/simulator/calls/c1/answer', { method: 'POST', headers, body })
    assert.equal(status, 403)
    assert.equal(calls()[0]?.state, 'ringing')
  })

  test('is told of calls by its stream', async (t) => {
    const { ring, app } = world(t)
    const { body } = await app.request('/simulator/events')
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail()
    const nextEvent = async (): Promise<string> => {
      const { value = assert.fail('ended') } = await reader.read()
      return value.startsWith('event:') ? value : nextEvent()
    }
    await nextEvent()
    await ring('c1')
    assert.match(await nextEvent(), /^event: changed\n/)
    await reader.cancel()
  })
})

describe('scripts', () => {
  test('answer a call with keys, and see what was said', async (t) => {
    const { ring, post, pressed } = world(t)
    await ring('c1')
    const { status, call } = await post('c1/answer', { keys: '1234#' })
    assert.equal(status, 200)
    assert.deepEqual(pressed, ['1234#'])
    assert.deepEqual([call.id, call.to, call.state, call.how], ['c1', carol, 'over', 'hung-up'])
    assert.match(call.captions[0] ?? '', /^This is the sign-in check of Contoso & Co\./)
    assert.equal(call.captions.at(-1), 'Thank you. Your sign-in is confirmed. Goodbye.')
  })

  test('answer first and press later, hang up, decline', async (t) => {
    const { ring, post, pressed } = world(t)
    await ring('c1')
    assert.equal((await post('c1/answer')).call.state, 'talking')
    assert.equal((await post('c1/keys', { keys: '99#' })).call.waits, true)
    assert.equal((await post('c1/hangup')).call.how, 'hung-up')
    await ring('c2')
    assert.equal((await post('c2/decline')).call.how, 'declined')
    assert.deepEqual(pressed, ['99#'])
  })

  test('find the calls of a number', async (t) => {
    const { ring, app } = world(t)
    await ring('c1')
    await ring('c2', { to: '+12065550177' })
    const ids = async (query: string) => {
      const calls = (await (await app.request(`/simulator/api/calls${query}`)).json()) as { id: string }[]
      return calls.map(({ id }) => id)
    }
    assert.deepEqual(await ids(''), ['c2', 'c1'])
    for (const to of ['%2B12065550102', '+12065550102', '12065550102']) assert.deepEqual(await ids(`?to=${to}`), ['c1'])
  })

  test('are told what they did wrong', async (t) => {
    const { ring, post, app, calls } = world(t)
    await ring('c1')
    assert.equal((await post('nobody/answer')).status, 404)
    assert.equal((await post('c1/hangup')).status, 409)
    assert.equal((await post('c1/keys', { keys: '#' })).status, 409)
    for (const body of ['{', '{"keys":"12 34"}', '{"keys":1234}', `{"keys":"${'1'.repeat(5000)}"}`]) {
      assert.equal((await app.request('/simulator/api/calls/c1/answer', { method: 'POST', body })).status, 400, body)
    }
    const headers = { origin: 'https://evil.example', host: 'localhost' }
    assert.equal((await app.request('/simulator/api/calls/c1/answer', { method: 'POST', headers })).status, 403)
    assert.equal(calls()[0]?.state, 'ringing')
  })
})

/** Carol's phone rings since four seconds; the engine asks for the PIN 1234. */
function world(t: { after(end: () => void): void }) {
  const clock = { now: () => new Date(noon) }
  const simulator = callSimulator({ clock, log: { error: (_, __, cause) => assert.fail(String(cause)) } })
  t.after(() => simulator.close())
  const pressed: string[] = []
  simulator.connect(engine(pressed))

  const app = new Hono()
  mountCallsApi(app, { base: '/simulator', calls: simulator.phones })
  mountSite(app, {
    base: '/simulator',
    routes: simulatorRoutes({
      phones: phoneSimulator({ clock, ids: { next: () => 'm1' } }),
      calls: simulator.phones,
      samples: [{ owner: 'carol', number: carol }],
    }),
    look: () => simulatorLook(makeLook({ company: 'Contoso' })),
    failure: (error) => assert.fail(String(error)),
    now: () => new Date(noon + 4_000),
    newId: () => 'r1',
    tls: false,
  })

  const page = async (headers: Record<string, string> = { 'accept-language': 'en' }) =>
    (await app.request('/simulator/', { headers })).text()
  return {
    ...{ app, page, pressed, calls: simulator.phones.calls },
    ring: (id: string, { to = carol, language = 'en', extension }: Ring = {}) =>
      simulator.caller.place({ id, to, language, extension, ringSeconds: 20 }, new AbortController().signal),
    /** As a browser without script does: the page with its cookie and token, then the form. */
    async submit(path: string, fields: Record<string, string> = {}) {
      const shown = await app.request('/simulator/')
      const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(await shown.text()) ?? []
      const cookie = shown.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ')
      const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams({ ...fields, csrf }).toString()
      return (await app.request(`/simulator${path}`, { method: 'POST', headers, body })).status
    },
    async post(path: string, body?: object) {
      const init = { method: 'POST', ...(body && { body: JSON.stringify(body) }) }
      const answer = await app.request(`/simulator/api/calls/${path}`, init)
      return { status: answer.status, call: (await answer.json()) as ShownCall }
    },
  }
}

type ShownCall = { id: string; to: string; state: string; how?: string; captions: string[]; waits: boolean }
type Ring = { to?: string; language?: string; extension?: string }

function engine(pressed: string[]) {
  const holes = { company: 'Contoso & Co' }
  const gather = { kind: 'gather', seconds: 5, mostKeys: 15, hashAlone: false } as const
  const step = (language: string, key: 'greeting.pin' | 'wrong.pin' | 'success'): CallStep => ({
    language,
    say: [{ key, holes }],
    after: key === 'success' ? { kind: 'hang-up' } : gather,
  })
  return {
    answered: async () => step('en', 'greeting.pin'),
    async keys(_: string, keys: string) {
      pressed.push(keys)
      return step('en', keys === '1234#' ? 'success' : 'wrong.pin')
    },
    ended: async () => {},
  }
}
