import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Hono } from 'hono'
import { type Letter, packLetter } from '../src/core/delivery/letter.ts'
import type { Reply } from '../src/core/delivery/replies.ts'
import { mountRepliesApi } from '../src/inbound/simulator/replies.api.ts'
import { simulatorLook } from '../src/inbound/simulator/simulator.page.ts'
import { simulatorRoutes } from '../src/inbound/simulator/simulator.route.ts'
import { makeLook } from '../src/inbound/web/design/look.ts'
import { mountSite } from '../src/inbound/web/site.ts'
import { mailSimulator } from '../src/outbound/delivery/mail/simulator.ts'
import { replySimulator } from '../src/outbound/delivery/sms/simulated-replies.ts'
import { phoneSimulator } from '../src/outbound/delivery/sms/simulator.ts'
import { letter } from './mail.ts'

const noon = Date.parse('2026-01-01T12:00:00Z')

describe('GET /simulator/api/messages', () => {
  test('answers what one number got, newest first', async () => {
    const { text, api } = world()
    await text('+12065550100', 'Your code is 482 915')
    await text('+12065550177', 'Hello bob')
    await text('+12065550100', 'Your phone was changed')

    const to = '+12065550100'
    assert.deepEqual(await api('?to=%2B12065550100'), [
      { id: 'm3', kind: 'text', to, text: 'Your phone was changed', at: '2026-01-01T12:00:03.000Z' },
      { id: 'm1', kind: 'text', to, text: 'Your code is 482 915', code: '482915', at: '2026-01-01T12:00:01.000Z' },
    ])
  })

  for (const to of ['%2B12065550100', '+12065550100', '%2012065550100', '12065550100', '+1-206-555-0100']) {
    test(`takes the number as ${to}`, async () => {
      const { text, api } = world()
      await text('+12065550100', 'one')
      assert.equal((await api(`?to=${to}`)).length, 1)
    })
  }

  test('has nothing for a number that got nothing, nor for none at all', async () => {
    const { text, api } = world()
    await text('+12065550100', 'one')
    assert.deepEqual(await api('?to=%2B12065550199'), [])
    assert.deepEqual(await api('?to='), [])
  })

  test('has everything without a number, and since a moment', async () => {
    const { text, api, get } = world()
    for (const body of ['one', 'two', 'three']) await text('+12065550100', body)
    assert.equal((await api('')).length, 3)
    const since = (await api('?since=2026-01-01T12:00:02Z')).map((message) => message.text)
    assert.deepEqual(since, ['three', 'two'])
    assert.equal((await get('/simulator/api/messages?since=yesterday')).status, 400)
  })
})

describe('GET /simulator/', () => {
  test('shows each sample phone, also an empty one, and phones that others enrolled', async () => {
    const { text, page } = world()
    await text('+12065550100', 'Your code is 482 915.\nNever <tell> it to anyone.\n@portal.example #482915')
    await text('+498930901820', 'Hallo')
    const shown = await page()

    assert.match(shown, /<h2>alice<\/h2><span class="keep">\+1 206 555 0100<\/span>/)
    assert.match(shown, /Your code is <strong class="keep">482 915<\/strong>\.\nNever &#60;tell&#62; it to anyone\./)
    assert.match(shown, /@portal\.example #<strong class="keep">482915<\/strong>/)
    assert.match(
      shown,
      /<h2>bob<\/h2>.*Nothing yet\. Sign in as <strong class="keep">bob<\/strong> and this phone will ring\./,
    )
    assert.match(shown, /<h2>Another phone<\/h2><span class="keep">\+49 89 30901820<\/span>/)
  })

  test('renews itself by events, and without script by the clock', async () => {
    const { page } = world({ canReply: false })
    const shown = await page()
    assert.match(shown, /data-live="\/simulator\/events"/)
    assert.match(shown, /<noscript><meta http-equiv="refresh" content="5"><\/noscript>/)
  })

  test('is there in German, with its style sheet', async () => {
    const { page, get } = world()
    const shown = await page({ 'accept-language': 'de' })
    assert.match(shown, /<h1>Telefonsimulator<\/h1>/)
    const [, css = ''] = /href="(\/simulator\/assets\/simulator-[^"]+\.css)"/.exec(shown) ?? []
    assert.match(await (await get(css)).text(), /\.phones/)
  })

  test('is told of each message by the stream, which listens no more once the browser left', async () => {
    const { text, get, listeners } = world()
    const { body } = await get('/simulator/events')
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail()
    const nextEvent = async (): Promise<string> => {
      const { value = assert.fail('ended') } = await reader.read()
      return value.startsWith('event:') ? value : nextEvent()
    }

    assert.match(await nextEvent(), /^event: changed\n/)
    await text('+12065550100', 'one')
    assert.match(await nextEvent(), /^event: changed\n/)
    assert.equal(listeners(), 1)
    await reader.cancel()
    await Promise.resolve()
    assert.equal(listeners(), 0)
  })
})

describe('the mailboxes of the simulator', () => {
  test('are listed newest first, all or of one address, and since a moment', async () => {
    const { mail, mails, get } = world()
    await mail('alice@example.com', { subject: 'One' })
    await mail('helpdesk@example.com', { subject: 'Two' })
    assert.deepEqual(
      (await mails('')).map(({ subject }) => subject),
      ['Two', 'One'],
    )
    const [only, ...others] = await mails('?to=alice@example.com')
    assert.deepEqual(others, [])
    assert.deepEqual(Object.keys(only ?? {}), ['id', 'kind', 'to', 'subject', 'text', 'html', 'at'])
    assert.deepEqual(await mails('?to='), [])
    assert.equal((await get('/simulator/api/mails?since=yesterday')).status, 400)
  })

  test('stand on the page, and a mail is read as text and as the source of its markup', async () => {
    const { mail, page, get } = world()
    assert.match(await page(), /No mail yet/)
    await mail('alice@example.com', { subject: 'A <b>passkey</b>' })
    const [, link = ''] = /<a href="(\/simulator\/mails\/[^"]+)">A &#60;b&#62;passkey/.exec(await page()) ?? []
    const shown = await (await get(link)).text()
    assert.match(shown, /<pre class="mail">Contoso/)
    assert.match(shown, /&#60;!doctype html&#62;/)
    assert.doesNotMatch(shown, /<img/)
    assert.equal((await get('/simulator/mails/unknown')).status, 404)
  })

  test('draw the markup of a mail only in a sandbox that runs nothing and fetches nothing', async () => {
    const { mail, get, mails } = world()
    await mail('alice@example.com', {})
    const [{ id } = assert.fail()] = await mails('')
    const drawn = await get(`/simulator/mails/${id}/html`)
    assert.equal(drawn.headers.get('content-type'), 'text/html; charset=utf-8')
    const rules = (drawn.headers.get('content-security-policy') ?? '').split('; ')
    assert.deepEqual(rules.toSorted(), [
      "default-src 'none'",
      "frame-ancestors 'none'",
      'sandbox',
      "style-src 'unsafe-inline'",
    ])
    assert.match(await drawn.text(), /^<!doctype html>/)
  })

  test('tell the page of each mail', async () => {
    const { mail, get } = world()
    const { body } = await get('/simulator/events')
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail()
    const nextEvent = async (): Promise<string> => {
      const { value = assert.fail('ended') } = await reader.read()
      return value.startsWith('event:') ? value : nextEvent()
    }
    await nextEvent()
    await mail('alice@example.com', {})
    assert.match(await nextEvent(), /^event: changed\n/)
    await reader.cancel()
  })
})

describe('replies', () => {
  test('from the box below a text come from the phone that got it', async () => {
    const { text, page, sink, sendForm } = world()
    await text('+12065550100', 'Your code is 482 915')
    const shown = await page()
    assert.match(shown, /<input id="reply-m1" name="text" aria-label="Reply to this text"/)
    assert.match(shown, /<noscript><meta http-equiv="refresh" content="20"><\/noscript>/)
    assert.equal((await sendForm('/messages/m1/reply', { text: '482915' })).status, 303)
    assert.deepEqual(
      sink.map(({ from, text, provider }) => [from, text, provider]),
      [['+12065550100', '482915', 'simulator']],
    )
    assert.match(await page(), /Sent text · .*<p class="words">482915<\/p>/)
  })

  test('by script: from that phone, from any, and the same one again', async () => {
    const { text, post, sink } = world()
    await text('+12065550100', 'Your code is 482 915')
    assert.equal((await post('messages/m1/reply', { text: '482915' })).status, 200)
    assert.equal((await post('replies', { from: '+12065550177', text: 'x'.repeat(10_000), id: 'r' })).status, 200)
    assert.equal((await post('replies', { from: '+12065550177', text: 'x', id: 'r' })).status, 200)
    assert.deepEqual(
      sink.map(({ from, providerId }) => [from, providerId]),
      [
        ['+12065550100', 'm2'],
        ['+12065550177', 'r'],
        ['+12065550177', 'r'],
      ],
    )
  })

  test('are refused where they are none, come from another site, or are for no text', async () => {
    const { post, sink } = world()
    const whole = { from: '+12065550100', text: '1' }
    assert.equal((await post('messages/none/reply', { text: '1' })).status, 404)
    for (const body of [
      {},
      { text: '1' },
      { ...whole, text: 1 },
      { ...whole, text: 'x'.repeat(13_000) },
      'text',
      null,
    ]) {
      assert.equal((await post('replies', body)).status, 400, JSON.stringify(body)?.slice(0, 40))
    }
    assert.equal((await post('replies', whole, { 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.deepEqual(sink, [])
  })

  test('that could not be taken are to be brought again', async () => {
    const { post, sink, breaks } = world()
    breaks()
    assert.equal((await post('replies', { from: '+12065550100', text: '1' })).status, 503)
    assert.deepEqual(sink, [])
  })
})

/** A demo with two sample accounts whose clock goes on by a second with each text. */
function world({ canReply = true } = {}) {
  let made = 0
  let listening = 0
  const simulator = phoneSimulator({
    clock: { now: () => new Date(noon + made * 1_000) },
    ids: { next: () => `m${++made}` },
  })
  const phones: typeof simulator = {
    ...simulator,
    subscribe(listener) {
      listening++
      const leave = simulator.subscribe(listener)
      return () => {
        listening--
        leave()
      }
    },
  }
  const mailbox = mailSimulator({ clock: { now: () => new Date(noon + made * 1_000) } })
  const samples = [
    { owner: 'alice', number: '+12065550100' },
    { owner: 'bob', number: '+12065550177' },
  ]
  const sink: Reply[] = []
  let broken = false
  const replies = replySimulator({
    clock: { now: () => new Date(noon + made * 1_000) },
    ids: { next: () => `m${++made}` },
    sink: {
      async take(reply) {
        if (broken) throw new Error('the database is gone')
        sink.push(reply)
      },
    },
  })
  const app = new Hono()
  if (canReply) mountRepliesApi(app, { base: '/simulator', phones, replies })
  mountSite(app, {
    base: '/simulator',
    routes: simulatorRoutes({ phones, mailbox, samples, ...(canReply && { replies }) }),
    look: () => simulatorLook(makeLook({ company: 'Contoso' })),
    failure: (error) => assert.fail(String(error)),
    now: () => new Date(noon + made * 1_000),
    newId: () => 'r1',
    tls: false,
  })
  const get = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })

  return {
    get,
    listeners: () => listening,
    sink,
    breaks() {
      broken = true
    },
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) =>
      app.request(`/simulator/api/${path}`, { method: 'POST', body: JSON.stringify(body), headers }),
    /** As the page sends it. */
    async sendForm(path: string, fields: Record<string, string>) {
      const page = await get('/simulator/')
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? assert.fail('no form token')
      const cookie = page.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ')
      const body = new URLSearchParams({ csrf, ...fields })
      return app.request(`/simulator${path}`, { method: 'POST', body, headers: { cookie, host: 'localhost' } })
    },
    text: (to: string, body: string) => simulator.send({ id: 'd1', to, body }, new AbortController().signal),
    mail: (to: string, words: Partial<Letter>) =>
      mailbox.send({ id: `m${++made}`, to, body: packLetter({ ...letter, ...words }) }, new AbortController().signal),
    async mails(query: string): Promise<{ id: string; subject: string }[]> {
      const response = await get(`/simulator/api/mails${query}`)
      assert.equal(response.status, 200)
      return (await response.json()) as { id: string; subject: string }[]
    },
    async api(query: string): Promise<{ text: string }[]> {
      const response = await get(`/simulator/api/messages${query}`)
      assert.equal(response.status, 200)
      return (await response.json()) as { text: string }[]
    },
    async page(headers: Record<string, string> = { 'accept-language': 'en' }) {
      return (await get('/simulator/', headers)).text()
    },
  }
}
