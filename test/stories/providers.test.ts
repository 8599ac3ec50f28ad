import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../dev/hosts/port.ts'
import { startTwilio, type TwilioHost } from '../../dev/hosts/twilio.ts'
import { password as centresPassword, smppCentre, until } from '../contracts/smpp-centre.ts'
import { type Seen, type Visitor, visitor } from '../portal/world.ts'
import { configuration, type Program, sallyport, temporaryFolder, verb } from './program.ts'

const publicUrl = 'https://mfa.example.org'
const password = 'sallyport-demo'
const carolsPhone = '+12065550102'
const ours = '+12065550199'
const secretOfReplies = 'q3TbB2dVd0x7u1mY4nZr5w'

test('serve with SMPP, Twilio and calls, behind a proxy that ends TLS', { timeout: 600_000 }, async (t) => {
  const at = await world('all')

  await t.test(
    'a person enrols by a call and signs in by a call, over callbacks that are signed for the public address',
    async () => {
      const { browser, twilio } = at
      twilio.phone(carolsPhone, { types: ['#'] })
      const carol = browser()
      assert.equal((await carol.post('/sign-in', { username: 'carol', password })).location, '/setup')
      const asked = await carol.post('/setup/call', { country: 'US', number: '206 555 0102', extension: '' })
      assert.equal(asked.location, '/setup/call/wait')
      assert.equal((await whenLeft(carol, '/setup/call/wait')).location, '/account?done=setup')

      const again = browser()
      assert.equal((await again.post('/sign-in', { username: 'carol', password })).location, '/second-step')
      assert.equal((await whenLeft(again, '/second-step')).location, '/account')
      // The page leads on when it is confirmed; the call ends a moment later.
      await twilio.settled()
      assert.deepEqual(
        twilio.calls.map(({ request, status }) => [request.From, request.To, status]),
        Array.from({ length: 2 }, () => [ours, carolsPhone, 'completed']),
      )
      const { Url = '', StatusCallback = '' } = twilio.calls[0]?.request ?? {}
      for (const address of [Url, StatusCallback]) assert.ok(address.startsWith(`${publicUrl}/telephony/`), address)
    },
  )

  await t.test('a callback that is unsigned, doubled or late changes nothing, and is counted', async () => {
    const { twilio, front, metrics } = at
    twilio.phone(carolsPhone, { types: ['#'] })
    await signInByCall(at)
    await twilio.settled()
    const { sid = '', request } = twilio.calls.at(-1) ?? {}
    const answered = { CallSid: sid, CallStatus: 'in-progress' }
    const unsigned = await fetch(front(request?.Url ?? ''), { method: 'POST', body: new URLSearchParams(answered) })
    assert.equal(unsigned.status, 403)
    assert.equal((await twilio.post(request?.Url ?? '', answered)).status, 403, 'the same again, after the call')
    const ended = { CallSid: sid, CallStatus: 'completed' }
    assert.equal((await twilio.post(request?.StatusCallback ?? '', ended)).status, 403)
    assert.equal((await twilio.post(`${publicUrl}/telephony/voice/none/0/${'x'.repeat(43)}`, answered)).status, 403)
    const page = await metrics()
    for (const [why, times] of Object.entries({ unsigned: 1, call: 2, secret: 1 }))
      assert.match(page, new RegExp(`callbacks_turned_away_total\\{why="${why}"\\} ${times}\\n`))
  })

  await t.test(
    'a centre that sends garbage and half a PDU costs the session; the next text goes out over a new one',
    async () => {
      const { centre, browser } = at
      const old = await centre.session()
      old.socket.write(Buffer.from('0000003000000005', 'hex'))
      old.socket.write(Buffer.alloc(5_000, 0xa5))
      await until(() => centre.sessions.size > 0 && !centre.sessions.has(old), 'a new session')
      const before = centre.shown().length
      const bob = browser()
      await bob.post('/sign-in', { username: 'bob', password })
      await until(() => centre.shown().length > before, 'a text')
      const code = /\b\d{6}\b/.exec(centre.shown().at(-1)?.text ?? '')?.[0] ?? assert.fail('no code')
      assert.equal((await bob.post('/second-step?way=text', { code })).location, '/account')
    },
  )

  await t.test(
    'a reply counts once, over SMPP, Twilio and HTTP, however often it comes; without the secret it is none',
    async () => {
      const { centre, twilio, front, metrics, program } = at
      const text = { MessageSid: 'SM1', From: carolsPhone, To: ours, Body: 'canary-reply' }
      for (const _ of [1, 2]) assert.equal((await twilio.post(`${publicUrl}/telephony/sms`, text)).status, 200)
      const fields = new URLSearchParams({ from: carolsPhone, to: ours, text: 'canary-reply', id: 'k1' })
      const sendIn = (secret: string) => fetch(front(`${publicUrl}/sms/kannel/${secret}?${fields}`))
      for (const _ of [1, 2]) assert.equal((await sendIn(secretOfReplies)).status, 200)
      assert.equal((await sendIn(`${secretOfReplies}x`)).status, 404)
      assert.equal(await centre.deliver({ source_addr: '12065550102', short_message: 'canary-reply' }), 0)
      const page = await metrics()
      for (const provider of ['twilio', 'kannel', 'smpp'])
        assert.match(page, new RegExp(`text_replies_total\\{provider="${provider}"\\} 1\\n`))
      assert.doesNotMatch(program.said(), /canary-reply/)
    },
  )

  await t.test('a text takes the other provider while the centre is away, and what became of it is told', async () => {
    const { centre, twilio, browser, metrics } = at
    await centre.stop()
    await browser().post('/sign-in', { username: 'bob', password })
    await until(() => twilio.texts.length > 0, 'a text by Twilio')
    await twilio.settled()
    const page = await metrics()
    assert.match(page, /provider_up\{kind="text",provider="smpp"\} 0/)
    assert.match(page, /provider_up\{kind="text",provider="twilio"\} 1/)
    assert.match(page, /text_receipts_total\{provider="twilio",outcome="delivered"\} 1/)
  })

  await t.test('no line of the log holds a number, a token or a secret of an address', () => {
    const said = at.program.said()
    const secret = new URL(at.twilio.calls[0]?.request.Url ?? '').pathname.split('/').at(-1) ?? ''
    for (const hidden of ['2065550102', at.twilio.authToken, centresPassword, secretOfReplies, secret])
      assert.ok(!said.includes(hidden), said)
  })

  await at.stop()
})

test('a person signs in by replying over SMPP to the text that came over SMPP', { timeout: 600_000 }, async () => {
  const { centre, browser, stop } = await world('all', { 'text.mode': 'two-way' })
  const bob = browser()
  await bob.post('/sign-in', { username: 'bob', password })
  await until(() => centre.shown().length === 1, 'a text')
  const code = /\b\d{6}\b/.exec(centre.shown()[0]?.text ?? '')?.[0] ?? assert.fail('no code')
  assert.equal(await centre.deliver({ source_addr: '12065550177', short_message: code }), 0)
  assert.equal((await whenLeft(bob, '/second-step')).location, '/account')
  await stop()
})

describe('serve --role server, whose portal is elsewhere', { timeout: 600_000 }, () => {
  test('takes callbacks on a listener of their own, and there nothing else', async () => {
    const { twilio, front, stop } = await world('server')
    const reply = { MessageSid: 'SM1', From: carolsPhone, To: ours, Body: 'yes' }
    assert.equal((await twilio.post(`${publicUrl}/telephony/sms`, reply)).status, 200)
    for (const path of ['/', '/MultiFactorAuth/', '/metrics', '/MultiFactorAuthWebServiceSdk/'])
      assert.equal((await fetch(front(publicUrl + path))).status, 404, path)
    await stop()
  })

  test('does not start where calls would have nobody to ask', async () => {
    const config = configuration(temporaryFolder(), 'data', {
      portal: { url: publicUrl },
      voice: { providers: 'twilio', twilio: { account_sid: 'AC1', auth_token: 'canary', from: ours } },
    })
    const ended = await verb(['serve', '--role', 'server', '--config', config])
    assert.equal(ended.exit, 78, ended.said)
    assert.match(ended.said, /--role server {2}voice\.providers\n.*\n.*Give callbacks\.listen/)
    assert.doesNotMatch(ended.said, /canary/)
  })
})

async function signInByCall({ browser }: { browser(): Visitor }): Promise<void> {
  const them = browser()
  await them.post('/sign-in', { username: 'carol', password })
  assert.equal((await whenLeft(them, '/second-step')).location, '/account')
}

/** A page that waits, loaded again until it leads on. */
async function whenLeft(them: Visitor, path: string): Promise<Seen> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const seen = await them.get(path)
    if (seen.status === 303) return seen
  }
  assert.fail(`${path} waits for ever`)
}

/** Carol and Bob are users; Bob gets texts. The world reaches https://mfa.example.org over a proxy on this machine. */
async function world(role: 'all' | 'server', settings: object = {}) {
  const centre = await smppCentre()
  const port = await freePort()
  const front = (url: string) => url.replace(publicUrl, `http://127.0.0.1:${port}`)
  const twilio = await startTwilio({ reach: front })
  after(() => Promise.all([twilio.stop(), centre.stop()]))
  const folder = temporaryFolder()
  const config = configuration(folder, 'data', {
    ...{ ...providers(centre.port, twilio), ...placesOf(role, port) },
    settings: { 'portal.methods': ['text', 'call'], ...settings },
  })
  const people = join(folder, 'people.csv')
  const rows = ['username,password,phone,method', `carol,${password},,`, `bob,${password},+12065550177,text`]
  writeFileSync(people, rows.join('\n'))
  const added = await verb(['user', 'import', people, '--config', config])
  assert.equal(added.exit, 0, added.said)
  const program: Program = sallyport(['serve', '--role', role, '--config', config])
  const [, health = ''] = await program.says(/Health +(http:\S+)\/readyz/)

  const send = (path: string, init: RequestInit) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), 'x-forwarded-for': '192.0.2.7' }
    return fetch(front(publicUrl + path), { ...init, headers, redirect: 'manual' })
  }
  return {
    centre,
    twilio,
    front,
    program,
    browser: () => visitor(send),
    metrics: async () => (await fetch(`${health}/metrics`)).text(),
    async stop() {
      program.signal('SIGTERM')
      assert.equal(await program.ended, 0)
    },
  }
}

function providers(port: number, { accountSid, authToken, baseUrl }: TwilioHost): object {
  const account = { account_sid: accountSid, auth_token: authToken, api_url: baseUrl, from: ours }
  const smpp = { host: '127.0.0.1', port, tls: false, system_id: 'sallyport', password: centresPassword }
  return {
    sms: { providers: ['smpp', 'twilio'], from: '12345', smpp, twilio: account, replies: { secret: secretOfReplies } },
    voice: { providers: ['twilio'], twilio: { ...account } },
  }
}

function placesOf(role: 'all' | 'server', port: number): object {
  const health = { listen: '127.0.0.1:0' }
  const log = { format: 'json', level: 'debug' }
  const listen = `127.0.0.1:${port}`
  const proxied = { ssl_required: false, trusted_proxies: ['127.0.0.1'] }
  return role === 'all'
    ? { portal: { listen, url: publicUrl, ...proxied }, health, log }
    : { callbacks: { listen, url: publicUrl }, sdk: { listen: '127.0.0.1:0' }, health, log }
}
