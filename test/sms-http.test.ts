import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Text } from '../src/core/delivery/text-sender.ts'
import { AppError } from '../src/core/errors.ts'
import { Secret } from '../src/core/secrets/secret.ts'
import { type HttpTextConfig, httpTextSender } from '../src/outbound/delivery/sms/http.ts'
import { checkTemplate } from '../src/outbound/delivery/sms/template.ts'

const text: Text = { id: 'd1', to: '+12065550100', body: 'Grüße & 1+1, 50%:\n482915 "good" for 5 min' }
const wellFormed = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed())

describe('a value stands in the request as it was given', async () => {
  const { send, seen } = await world()
  const runs = { numRuns: 60 }

  test('in the query', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, wellFormed, async (body, from) => {
        await send({ url: '/send?text={text}&a=1&from={from}', from }, { body })
        const { searchParams } = new URL(seen().url, 'http://localhost')
        assert.deepEqual(
          [...searchParams],
          [
            ['text', body],
            ['a', '1'],
            ['from', from],
          ],
        )
      }),
      runs,
    )
  })

  test('in the path', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, async (body) => {
        await send({ url: '/to/{to}/{text}/end' }, { body })
        assert.deepEqual(seen().url.split('/').map(decodeURIComponent), ['', 'to', text.to, body, 'end'])
      }),
      runs,
    )
  })

  test('in a form', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, async (body) => {
        await send({ method: 'POST', body: 'to={to_digits}&text={text}&end=1' }, { body })
        assert.equal(seen().headers['content-type'], 'application/x-www-form-urlencoded')
        assert.deepEqual(
          [...new URLSearchParams(seen().body)],
          [
            ['to', '12065550100'],
            ['text', body],
            ['end', '1'],
          ],
        )
      }),
      runs,
    )
  })

  test('in JSON', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, async (body) => {
        const template = '{"messages": [{"to": "{to}", "content": "<{text}>"}], "n": {}}'
        await send({ method: 'PUT', contentType: 'application/json', body: template }, { body })
        assert.deepEqual(JSON.parse(seen().body), { messages: [{ to: text.to, content: `<${body}>` }], n: {} })
      }),
      runs,
    )
  })

  test('in XML, in an element and in an attribute', async () => {
    const inXml = wellFormed.map((value) =>
      value.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''),
    )
    await fc.assert(
      fc.asyncProperty(inXml, async (body) => {
        await send(
          { method: 'POST', contentType: 'text/xml; charset=utf-8', body: '<m to="{to}" t="{text}">{text}</m>' },
          { body },
        )
        const [, to, attribute, element] =
          /^<m to="([^"<]*)" t="([^"<\t\r\n]*)">([^<\r]*)<\/m>$/.exec(seen().body) ?? []
        assert.deepEqual([to, attribute, element].map(readXml), [text.to, body, body])
      }),
      runs,
    )
  })

  test('in a header', async () => {
    const printable = fc.string({ unit: 'grapheme-ascii' }).map((value) => value.trim())
    await fc.assert(
      fc.asyncProperty(printable, printable, async (username, password) => {
        const headers = { 'X-User': '{username}', 'x-key': '{password}' }
        await send({ headers, username, password: new Secret(password) })
        assert.equal(seen().headers['x-user'], username)
        assert.equal(seen().headers['x-key'], password)
        assert.equal(seen().headers.authorization, undefined)
      }),
      runs,
    )
  })

  test('as Basic credentials, where no hole asks for name or password', async () => {
    await fc.assert(
      fc.asyncProperty(wellFormed, wellFormed, async (name, password) => {
        const username = name.replaceAll(':', '')
        await send({ username, password: new Secret(password) })
        const [scheme, basic = ''] = String(seen().headers.authorization).split(' ')
        assert.deepEqual([scheme, Buffer.from(basic, 'base64').toString()], ['Basic', `${username}:${password}`])
      }),
      runs,
    )
  })

  test('half a surrogate pair is sent as U+FFFD instead of failing', async () => {
    await send({ url: '/?t={text}' }, { body: 'a\ud800b' })
    assert.equal(new URL(seen().url, 'http://localhost').searchParams.get('t'), 'a\ufffdb')
  })
})

describe('what an answer means', async () => {
  const { send, answerWith, requests } = await world()

  test('any 2xx is "taken", unless a status is expected', async () => {
    answerWith((res) => res.writeHead(204).end())
    await send({})
    await failsWith(send({ expectStatus: [{ from: 200, to: 202 }] }), /answered 204/)
  })

  test('what the body must contain, it must contain', async () => {
    answerWith((res) => res.writeHead(202).end('3: Queued for later delivery'))
    await failsWith(send({ expectBody: /^0:/g }), /answered 202: "3: Queued/)
    answerWith((res) => res.writeHead(202).end('0: Accepted'))
    const expectBody = /^0:/g
    await send({ expectBody })
    await send({ expectBody })
  })

  test('a redirect is a failure and is not followed', async () => {
    answerWith((res) => res.writeHead(307, { location: '/elsewhere' }).end())
    const before = requests()
    await failsWith(send({ method: 'POST', body: 'text={text}' }), /answered 307/)
    assert.equal(requests(), before + 1)
  })

  test('of an endless answer 64 KiB are read, and the connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    answerWith((res) => {
      res.on('close', () => closed.resolve())
      const more = () => {
        while (res.write('x'.repeat(16_384)));
      }
      res.on('drain', more)
      more()
    })
    await failsWith(send({ expectBody: /^0:/ }), /answered 200: "x{200}"/)
    await closed.promise
  })

  test('an answer that does not come in time is a failure', async () => {
    answerWith(() => {})
    await failsWith(send({ timeoutMs: 30 }), /no answer within 30 ms/)
    answerWith((res) => res.writeHead(200).write('0: Acc'))
    await failsWith(send({ timeoutMs: 30 }), /no answer within 30 ms/)
  })

  test('the signal of the caller stops it', async () => {
    const stop = new AbortController()
    answerWith(() => stop.abort())
    await failsWith(send({}, {}, stop.signal), /stopped/)
  })

  test('garbage instead of HTTP is a failure', async () => {
    answerWith((res) => res.socket?.end('220 smtp.example ESMTP\r\n'))
    await failsWith(send({}), /no answer that can be read/)
    answerWith((res) => res.destroy())
    await failsWith(send({}), /UND_ERR_SOCKET/)
  })

  test('nobody listening is a failure', async () => {
    await failsWith(send({ url: 'http://127.0.0.1:1/' }), /127\.0\.0\.1:1: ECONNREFUSED/)
  })
})

describe('what a failure says', async () => {
  const { send, answerWith } = await world()
  const password = new Secret('p&ss wörd"/1')
  const echoes: Record<string, (value: string) => string> = {
    'as it is': (value) => value,
    'percent-encoded': encodeURIComponent,
    'in lower-case percent-encoding': (value) =>
      encodeURIComponent(value).replace(/%../g, (found) => found.toLowerCase()),
    'as a form': (value) => String(new URLSearchParams({ value })).slice(6),
    'in JSON': (value) => JSON.stringify(value),
    'in ASCII JSON': (value) =>
      JSON.stringify(value).replace(/[\u0080-\uffff]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    'in HTML': (value) => value.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replaceAll('\n', '<br>'),
  }

  for (const [how, write] of Object.entries(echoes)) {
    test(`has no secret and no text in it when the provider quotes them ${how}`, async () => {
      answerWith((res) =>
        res.writeHead(400).end(`bad: ${write(password.reveal())} | ${write(text.body)} | ${write(text.to)}.`),
      )
      const template = { url: '/?u={username}&p={password}&t={text}', username: 'sallyport-a', password }
      const message = await failsWith(
        send(template),
        /answered 400: "bad: \\?"?\*{3}\\?"? \| \\?"?\*{3}\\?"? \| \\?"?\*{3}\\?"?\."/,
      )
      for (const kept of [password.reveal(), 'wörd', '482915', 'Grüße', '2065550100', '/?u=']) {
        assert.ok(!message.includes(kept), `${kept} in ${message}`)
      }
    })
  }

  test('has no code in it, even when the provider quotes the code alone or grouped', async () => {
    answerWith((res) => res.writeHead(400).end('code 482915, 482 915, 482-915, %34%38%32915 refused'))
    await failsWith(send({}), /"code \*{3}, \*{3}, \*{3}, \*{3} refused"/)
  })

  test('has no literal key of the headers or the query in it', async () => {
    answerWith((res) => res.writeHead(401).end('unknown key key-0123456789 or query-9876543210'))
    const template = { url: '/?apikey=query-9876543210', headers: { authorization: 'Bearer key-0123456789' } }
    await failsWith(send(template), /"unknown key \*{3} or \*{3}"/)
  })

  test('is one line of at most 200 characters of the answer', async () => {
    answerWith((res) => res.writeHead(500).end(`<html>\r\n\u001b[31m\u0000${'é'.repeat(500)}`))
    const message = await failsWith(send({}), /answered 500: "<html> \[31m é+"/)
    assert.match(message, /^[^\p{C}]+$/u)
    assert.equal(/: "(.*)"/.exec(message)?.[1]?.length, 200)
  })

  test('carries no cause that could quote the request', async () => {
    await assert.rejects(send({ url: 'http://127.0.0.1:1/' }), (error: AppError) => error.cause === undefined)
  })
})

describe('over TLS', async () => {
  const { send, certificate } = await tlsWorld()

  test('a certificate that nobody trusts is a failure, before anything is sent', async () => {
    await failsWith(send({}), /SELF_SIGNED|UNABLE_TO_VERIFY/)
  })

  test('one whose CA is given is taken', async () => {
    await send({ ca: certificate })
  })

  test('one for another name is a failure', async () => {
    await failsWith(send({ ca: certificate, url: 'https://localhost' }), /ERR_TLS_CERT_ALTNAME_INVALID/)
  })
})

describe('a template with mistakes', () => {
  const sound = { url: 'https://sms.example/send?to={to}', method: 'POST', headers: {} } as const
  const rows: [string, Partial<HttpTextConfig>, string, RegExp][] = [
    ['an unknown hole in the url', { url: 'https://sms.example/{too}' }, 'url', /unknown hole \{too\}/],
    ['an unknown hole in the body', { body: 'a={Text}' }, 'body', /unknown hole \{Text\}/],
    ['an unknown hole in a header', { headers: { 'x-a': '{txt}' } }, 'headers.x-a', /unknown hole/],
    ['a hole in the host', { url: 'https://{from}.example/', from: 'a' }, 'url', /host/],
    ['no http', { url: 'ftp://sms.example/' }, 'url', /http/],
    ['a user name in the url', { url: 'https://me:secret@sms.example/' }, 'url', /user name/],
    ['a # in the url', { url: 'https://sms.example/#{to}' }, 'url', /#/],
    ['a # in the query', { url: 'https://sms.example/?a=#{to}' }, 'url', /never sent/],
    ['a space in the url', { url: 'https://sms.example/a b' }, 'url', /percent-encoded/],
    ['a lone %', { url: 'https://sms.example/?a=100%' }, 'url', /%25/],
    ['a value that is not given', { body: 'from={from}' }, 'body', /from is not given/],
    ['a name without a password', { username: 'u' }, 'username', /together/],
    [
      'credentials that nothing sends',
      { username: 'u', password: new Secret('p'), headers: { Authorization: 'Bearer a' } },
      'username',
      /nowhere/,
    ],
    ['a colon in a Basic name', { username: 'u:v', password: new Secret('p') }, 'username', /colon/],
    ['a text in a header', { headers: { 'x-text': '{text}' } }, 'headers.x-text', /line breaks/],
    ['a line break in a header', { headers: { 'x-a': 'a\r\nx-b: 1' } }, 'headers.x-a', /printable ASCII/],
    [
      'a line break in a password in a header',
      { headers: { a: '{password}' }, password: new Secret('a\nb') },
      'headers.a',
      /password has/,
    ],
    ['no header name', { headers: { 'x a': '1' } }, 'headers.x a', /not a header name/],
    ['a header of ours', { headers: { Host: 'b' } }, 'headers.Host', /itself/],
    ['JSON that is none', { contentType: 'application/json', body: '{"a": "{to}"' }, 'body', /not JSON/],
    [
      'a hole outside of quotes',
      { contentType: 'application/json', body: '{"a": {to_digits}}' },
      'body',
      /not JSON|double quotes/,
    ],
    [
      'a hole as a bare number',
      { contentType: 'application/json', body: '{"a": 1{to_digits}}' },
      'body',
      /double quotes/,
    ],
    ['a hole in CDATA', { contentType: 'text/xml', body: '<a><![CDATA[{text}]]></a>' }, 'body', /CDATA/],
    [
      'a type without escapes',
      { contentType: 'application/octet-stream', body: '{to}' },
      'contentType',
      /no way to escape/,
    ],
    ['another charset', { contentType: 'text/plain; charset=latin1', body: '{to}' }, 'contentType', /UTF-8/],
    ['a GET with a body', { method: 'GET', body: 'a=1' }, 'body', /GET/],
  ]
  for (const [what, change, where, problem] of rows) {
    test(`${what} is found before anything is sent`, () => {
      const config = { ...sound, timeoutMs: 1_000, ...change }
      const problems = checkTemplate(config)
      assert.ok(
        problems.some((p) => p.where === where && problem.test(p.problem)),
        JSON.stringify(problems),
      )
      assert.throws(
        () => httpTextSender(config),
        (error) => error instanceof AppError && error.code === 'config.wrong',
      )
      assert.ok(!JSON.stringify(problems).includes('secret'))
    })
  }

  test('and a sound one has none', () => {
    assert.deepEqual(checkTemplate(sound), [])
  })
})

async function failsWith(sending: Promise<void>, detail: RegExp): Promise<string> {
  const error = await sending.then(
    () => assert.fail('was taken'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AppError, String(error))
  assert.equal(error.code, /answered|character/.test(error.message) ? 'delivery.failed' : 'delivery.unreachable')
  assert.match(error.message, detail)
  return error.message
}

function readXml(escaped: string | undefined): string | undefined {
  return escaped?.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
}

/** A provider whose certificate, for 127.0.0.1 only, is its own CA. */
async function tlsWorld() {
  const { certificate, key } = selfSigned()
  const server = createTlsServer({ cert: certificate, key }, (_, res) => res.end('ok')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    certificate,
    async send({ url = 'https://127.0.0.1', ca }: { url?: string; ca?: string }): Promise<void> {
      const sender = httpTextSender({ url: `${url}:${port}/`, method: 'GET', headers: {}, timeoutMs: 10_000, ca })
      after(() => sender.close())
      await sender.send(text, new AbortController().signal)
    },
  }
}

function selfSigned() {
  const folder = mkdtempSync(join(tmpdir(), 'sms-tls-'))
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  try {
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, ...files], { stdio: 'pipe' })
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    return { certificate: read('cert.pem'), key: read('key.pem') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A provider on loopback that answers 200 until told otherwise and shows the last request; ended with the suite. */
async function world() {
  let last: { url: string; headers: IncomingHttpHeaders; body: string } | undefined
  let count = 0
  let answer = (res: ServerResponse): unknown => res.end('ok')
  const closing: (() => Promise<unknown>)[] = []

  const server: Server = createServer(async (req, res) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part)
    last = { url: req.url ?? '', headers: req.headers, body: Buffer.concat(parts).toString() }
    count++
    answer(res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  after(async () => {
    await Promise.all(closing.map((close) => close()))
    server.closeAllConnections()
    server.close()
  })

  return {
    async send(
      template: Partial<HttpTextConfig>,
      change: Partial<Text> = {},
      signal = new AbortController().signal,
    ): Promise<void> {
      const { url = '/', ...rest } = template
      const place = url.startsWith('/') ? origin + url : url
      const sender = httpTextSender({ method: 'GET', headers: {}, timeoutMs: 10_000, ...rest, url: place })
      closing.push(() => sender.close())
      await sender.send({ ...text, ...change }, signal)
    },
    answerWith(how: typeof answer) {
      answer = how
    },
    seen: () => last ?? assert.fail('nothing arrived'),
    requests: () => count,
  }
}
