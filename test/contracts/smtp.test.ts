import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { type Letter, packLetter } from '../../src/core/delivery/letter.ts'
import { AppError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { type SmtpConfig, smtpMailSender } from '../../src/outbound/delivery/mail/smtp.ts'
import { letter, selfMade } from '../mail.ts'

const trusted = selfMade()
const PASSWORD = 'hunter2-canary'

describe('a mail by SMTP', () => {
  for (const tls of ['starttls', 'implicit', 'none'] as const) {
    test(`is handed in with ${tls}, signed in, with both parts of the same words`, async () => {
      const { send, got } = await world({ tls })
      await send()

      const [mail] = got
      assert.deepEqual(mail?.envelope, { from: 'no-reply@contoso.example', to: ['alice@example.com'] })
      assert.deepEqual([mail?.user, mail?.secure], ['sallyport', tls !== 'none'])
      const read = await PostalMime.parse(mail?.raw ?? '')
      assert.deepEqual(read.from, { name: 'Contoso sign-in', address: 'no-reply@contoso.example' })
      assert.deepEqual(read.to, [{ name: '', address: 'alice@example.com' }])
      assert.deepEqual(read.replyTo, [{ name: '', address: 'helpdesk@contoso.example' }])
      assert.equal(read.subject, letter.subject)
      assert.equal(read.date, letter.writtenAt)
      for (const word of [
        ...letter.paragraphs,
        ...letter.advice,
        letter.footer,
        letter.link?.href ?? '',
        '192.0.2.7',
      ]) {
        assert.ok(read.text?.includes(word), `text: ${word}`)
        assert.ok(unescaped(read.html).includes(word), `html: ${word}`)
      }
    })
  }

  test('says that a machine sent it, in which language, and is 7-bit with short lines', async () => {
    const { send, got } = await world()
    await send()
    const raw = got[0]?.raw ?? ''
    assert.deepEqual(headersOf(raw, 'auto-submitted'), ['auto-generated'])
    assert.deepEqual(headersOf(raw, 'content-language'), ['en'])
    assert.deepEqual(headersOf(raw, 'mime-version'), ['1.0'])
    assert.deepEqual(
      raw.split('\r\n').filter((line) => line.length > 78 || /[^\t\x20-\x7e]/.test(line)),
      [],
    )
  })

  test('is the same to the last byte when it is sent again', async () => {
    const { send, got } = await world()
    await send()
    await send()
    assert.deepEqual(headersOf(got[0]?.raw ?? '', 'message-id'), ['<d1@contoso.example>'])
    assert.equal(got[0]?.raw, got[1]?.raw)
  })

  test('shows the name of the organisation where the sender has none', async () => {
    const { send, got } = await world({ config: { from: { address: 'no-reply@contoso.example' } } })
    await send()
    assert.equal((await PostalMime.parse(got[0]?.raw ?? '')).from?.name, 'Contoso')
  })

  for (const [what, change] of [
    ['the subject', { subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nSpam' }],
    ['the name of the organisation', { company: 'Contoso\r\nBcc: eve@example.com\u2028X-Eve: 1' }],
    ['a name with an address in it', { company: 'Help <eve@example.com>, eve@example.com' }],
  ] as const) {
    test(`takes no header and no recipient from ${what}`, async () => {
      const { send, got } = await world({ config: { from: { address: 'no-reply@contoso.example' } } })
      await send({ words: { ...letter, ...change } })
      const [mail] = got
      const read = await PostalMime.parse(mail?.raw ?? '')
      assert.deepEqual(mail?.envelope.to, ['alice@example.com'])
      assert.deepEqual(
        read.headers.map(({ key }) => key).filter((key) => /bcc|x-eve/.test(key)),
        [],
      )
      assert.equal(read.from?.address, 'no-reply@contoso.example')
      assert.ok(read.text?.trimEnd().endsWith(letter.footer), read.text)
    })
  }

  for (const to of [
    'alice@example.com\r\nRCPT TO:<eve@example.com>',
    'alice@example.com, eve@example.com',
    '"a b"@c.de',
    '',
  ]) {
    test(`is not sent to ${JSON.stringify(to)}`, async () => {
      const { send, got } = await world()
      await rejects(send({ to }), 'delivery.refused')
      assert.deepEqual(got, [])
    })
  }

  test('takes no markup from its words', async () => {
    const { send, got } = await world()
    const words = { ...letter, paragraphs: ['<img src=x onerror=alert(1)> & "co"'], company: '<b>Contoso</b>' }
    await send({ words: { ...words, accent: '"><script>' } })
    const { html = '' } = await PostalMime.parse(got[0]?.raw ?? '')
    assert.doesNotMatch(html, /<img|<b>|<script/)
    assert.ok(unescaped(html).includes(words.paragraphs[0] ?? ''))
  })
})

describe('the certificate of a mail server', () => {
  for (const [why, made] of [
    ['for another name', selfMade({ names: ['other.example'] })],
    ['over', selfMade({ from: '2020-01-01', until: '2020-02-01' })],
    ['of a stranger', selfMade()],
  ] as const) {
    for (const tls of ['starttls', 'implicit'] as const) {
      test(`that is ${why} is refused with ${tls}, before anything is told`, async () => {
        const ca = why === 'of a stranger' ? trusted.cert : made.cert
        const { send, got, signIns } = await world({ tls, made, config: { ca } })
        assert.match(await rejects(send(), 'delivery.failed'), /its certificate is not trusted/)
        assert.deepEqual([got, signIns], [[], []])
      })
    }
  }

  test('must come: a server that cannot change to TLS gets neither password nor mail', async () => {
    const { send, got, signIns } = await world({ server: { disabledCommands: ['STARTTLS'] } })
    await rejects(send(), 'delivery.failed')
    assert.deepEqual([got, signIns], [[], []])
  })
})

describe('a mail server that does not take a mail', () => {
  test('with 5yz for the recipient or the mail ends it for good', async () => {
    for (const server of [
      noSuchRecipient(550, '5.1.1 no such user here'),
      noSuchMail(554, '5.7.1 no such user here'),
    ]) {
      const { send } = await world({ server })
      assert.match(await rejects(send(), 'delivery.refused'), /55[04] 5\.\d\.1 no such user here/)
    }
  })

  test('with 4yz is asked again later', async () => {
    const { send } = await world({ server: noSuchRecipient(451, '4.2.1 greylisted') })
    assert.match(await rejects(send(), 'delivery.failed'), /451 4\.2\.1 greylisted/)
  })

  test('since the password is wrong is asked again later: the operator can mend that', async () => {
    const { send, got } = await world({ config: { password: new Secret('wrong-canary') } })
    const said = await rejects(send(), 'delivery.failed')
    assert.match(said, /535/)
    assert.doesNotMatch(said, /canary/)
    assert.deepEqual(got, [])
  })

  test('is quoted without the recipient and the words of the mail', async () => {
    const long = 'a secret matter, '.repeat(100)
    const quote = `no alice@example.com, ${letter.subject}, ${letter.paragraphs[1]}, ${long}\u0007`
    const { send } = await world({ server: noSuchMail(554, quote) })
    const said = await rejects(send({ words: { ...letter, advice: [long] } }), 'delivery.refused')
    assert.doesNotMatch(said, /alice|passkey|matter|\p{Cc}/u)
    assert.match(said, /554 no \*\*\*/)
  })

  test('since nobody is there, or hangs, or hangs up, has not taken it', async () => {
    const nobody = await world()
    await nobody.close()
    assert.match(await rejects(nobody.send(), 'delivery.unreachable'), /ECONN|ESOCKET/)

    const mute = await silentServer()
    const toMute = await world({ config: { port: mute.port, timeoutMs: 50 } })
    assert.match(await rejects(toMute.send(), 'delivery.unreachable'), /no answer within 50 ms/)

    const rude = await silentServer((socket) => socket.destroy())
    const toRude = await world({ config: { port: rude.port } })
    await rejects(toRude.send(), 'delivery.unreachable')
  })

  test('is left when the queue says so, and its connection is closed', async () => {
    const mute = await silentServer()
    const { send } = await world({ config: { port: mute.port } })
    const stop = new AbortController()
    const sending = send({ signal: stop.signal })
    const socket = await mute.connected
    stop.abort()
    assert.match(await rejects(sending, 'delivery.unreachable'), /stopped/)
    socket.resume()
    if (!socket.closed) await once(socket, 'close')
  })
})

type Got = { envelope: { from: string; to: string[] }; raw: string; user: string; secure: boolean }
type Situation = {
  tls?: SmtpConfig['tls']
  made?: ReturnType<typeof selfMade>
  server?: SMTPServerOptions
  config?: Partial<SmtpConfig>
}
type Sending = { to?: string; words?: Letter; signal?: AbortSignal }

/** A mail server that knows one account, and a sender that hands mails in there. */
async function world({ tls = 'starttls', made = trusted, server: change = {}, config = {} }: Situation = {}) {
  const got: Got[] = []
  const signIns: string[] = []
  const server = new SMTPServer({
    ...made,
    secure: tls === 'implicit',
    // Without it the server takes passwords over TLS only.
    allowInsecureAuth: tls === 'none',
    logger: false,
    onAuth({ username = '', password }, _, done) {
      signIns.push(username)
      if (password === PASSWORD) done(null, { user: username })
      else done(Object.assign(new Error('5.7.8 no'), { responseCode: 535 }))
    },
    onData(stream, { envelope, user, secure }, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        got.push({ envelope: { from, to }, raw: Buffer.concat(parts).toString('latin1'), user: String(user), secure })
        done()
      })
    },
    ...change,
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  after(close)

  const sender = smtpMailSender({
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    tls,
    ca: trusted.cert,
    username: 'sallyport',
    password: new Secret(PASSWORD),
    from: { name: 'Contoso sign-in', address: 'no-reply@contoso.example' },
    replyTo: 'helpdesk@contoso.example',
    timeoutMs: 10_000,
    ...config,
  })
  return {
    got,
    signIns,
    close,
    send: ({ to = 'alice@example.com', words = letter, signal = new AbortController().signal }: Sending = {}) =>
      sender.send({ id: 'd1', to, body: packLetter(words) }, signal),
  }
}

/** The sentence of the error, which is of that code. */
async function rejects(sending: Promise<void>, code: string): Promise<string> {
  const error = await sending.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof AppError)
  assert.equal(error.code, code, error.message)
  assert.equal(error.cause, undefined)
  return error.message
}

const failure = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

function noSuchRecipient(code: number, message: string): SMTPServerOptions {
  return { onRcptTo: (_address, _session, done) => done(failure(code, message)) }
}

function noSuchMail(code: number, message: string): SMTPServerOptions {
  return { onData: (stream, _session, done) => void stream.resume().on('end', () => done(failure(code, message))) }
}

/** Takes connections and says nothing. */
async function silentServer(then: (socket: Socket) => void = () => {}) {
  const connected = Promise.withResolvers<Socket>()
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    connected.resolve(socket)
    then(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as AddressInfo).port, connected: connected.promise }
}

function headersOf(raw: string, name: string): string[] {
  const [head = ''] = raw.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return lines
    .filter((line) => line.toLowerCase().startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trim())
}

function unescaped(html = ''): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
