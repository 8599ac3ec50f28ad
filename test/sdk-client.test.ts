import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import {
  createServer as createPlainServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { inspect } from 'node:util'
import { type Api, perOperation } from '../src/contract/contract.ts'
import { AppError } from '../src/core/errors.ts'
import { Secret } from '../src/core/secrets/secret.ts'
import { remoteApi } from '../src/outbound/sdk-client/client.ts'
import { account, madeTls, remote, sdkWorld } from './sdk.ts'

const site = {
  ok: true as const,
  value: {
    companyName: 'Contoso',
    accent: '#336699',
    logInAllowed: true,
    passkeySignIn: false,
    language: 'en',
    timeZone: 'UTC',
  },
}

describe('the remote engine and trust', () => {
  test('a certificate with the right fingerprint is taken, whatever its name and dates', async () => {
    const tls = madeTls(['elsewhere.example'], Date.now() - 3_600_000)
    const { url } = await scripted(() => site, { tls })

    for (const fingerprint of [tls.fingerprint, tls.fingerprint.toLowerCase()])
      assert.deepEqual(await remote({ url, fingerprint }).readSite({}, {}), site)
  })

  test('with another fingerprint not a byte of the request is sent', async () => {
    const { url, tls, bytes, requests } = await scripted(() => site)
    const { fingerprint } = madeTls()

    await assert.rejects(remote({ url, fingerprint }).readSite({}, {}), isUntrusted(tls.fingerprint))
    await assert.rejects(remote({ url, fingerprint, ca: tls.cert }).readSite({}, {}), isUntrusted(tls.fingerprint))

    assert.deepEqual([bytes(), requests.length], [0, 0])
  })

  test('a certificate of the given authority is taken, for its name only', async () => {
    const { ca, good, other } = authority()

    assert.deepEqual(await remote({ url: (await scripted(() => site, { tls: good })).url, ca }).readSite({}, {}), site)
    for (const [tls, code] of [
      [other, 'ERR_TLS_CERT_ALTNAME_INVALID'],
      [madeTls(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ] as const) {
      const { url, bytes } = await scripted(() => site, { tls })
      await assert.rejects(remote({ url, ca }).readSite({}, {}), isUntrusted(code))
      assert.equal(bytes(), 0)
    }
  })

  test("the server's own certificate serves as the authority", async () => {
    const { url, tls } = await scripted(() => site)

    assert.deepEqual(await remote({ url, ca: tls.cert }).readSite({}, {}), site)
  })

  test('an authority does not make an expired certificate good', async () => {
    const tls = madeTls(['127.0.0.1'], Date.now() - 3_600_000)
    const { url, bytes } = await scripted(() => site, { tls })

    await assert.rejects(remote({ url, ca: tls.cert }).readSite({}, {}), isUntrusted('CERT_HAS_EXPIRED'))
    assert.equal(bytes(), 0)
  })

  test('with neither, only the authorities of the system count', async () => {
    const { url, bytes } = await scripted(() => site)

    await assert.rejects(remote({ url }).readSite({}, {}), isUntrusted('DEPTH_ZERO_SELF_SIGNED_CERT'))
    assert.equal(bytes(), 0)
  })

  test('a port that speaks no TLS is not trusted and gets no request', async () => {
    let requests = 0
    const plain = createPlainServer((_, response) => response.end(String(++requests)))
    const port = await listening(plain)

    for (const trust of [{ fingerprint: madeTls().fingerprint }, {}])
      await assert.rejects(remote({ url: `https://127.0.0.1:${port}/`, ...trust }).readSite({}, {}), {
        code: 'engine.untrusted',
      })
    assert.equal(requests, 0)
  })

  test('an address without TLS is a mistake of the configuration', () => {
    for (const url of ['http://127.0.0.1/', 'ftp://127.0.0.1/', 'nonsense'])
      assert.throws(() => remoteApi({ url, username: 'portal', password: new Secret('x') }), { code: 'config.wrong' })
    assert.throws(() => remoteApi({ url: 'https://x/', username: 'a:b', password: new Secret('x') }), {
      code: 'config.wrong',
    })
  })
})

describe('the remote engine and what it answers', () => {
  const answers: [what: string, answer: Scripted, code: string][] = [
    ['a page of HTML', '<html>', 'engine.misunderstood'],
    ['nothing', '', 'engine.misunderstood'],
    ['null', 'null', 'engine.misunderstood'],
    ['an array', [site], 'engine.misunderstood'],
    ['no value', { ok: true }, 'engine.misunderstood'],
    ['a value of another shape', { ok: true, value: { companyName: 7 } }, 'engine.misunderstood'],
    ['a refusal that is none', { ok: false, refusal: 'because' }, 'engine.misunderstood'],
    ['a refusal of another operation', { ok: false, refusal: 'credentials.wrong' }, 'engine.misunderstood'],
    ['more than a megabyte', { ...site, padding: 'x'.repeat(1024 * 1024) }, 'engine.misunderstood'],
    ['an operation that it does not know', { status: 404, body: { ok: false } }, 'engine.misunderstood'],
    ['a way elsewhere', { status: 307, headers: { location: 'https://127.0.0.1:1/' } }, 'engine.misunderstood'],
    ['401 of the door', { status: 401, body: { ok: false, error: 'unauthenticated' } }, 'engine.refused'],
    ['401 of something before it', { status: 401, body: 'Unauthorized' }, 'engine.refused'],
    ['500', { status: 500, body: { ok: false, error: 'broken', id: '7' } }, 'engine.unreachable'],
    ['502 of a proxy', { status: 502, body: '<html>' }, 'engine.unreachable'],
    ['503', { status: 503, body: { ok: false, error: 'unavailable' } }, 'engine.unreachable'],
    ['half an answer', { cut: 'in the body' }, 'engine.unreachable'],
    ['silence', { cut: 'never' }, 'engine.unreachable'],
  ]
  for (const [what, answer, code] of answers) {
    test(`${what}: ${code}`, async () => {
      const { url, tls } = await scripted(() => answer)
      const { fingerprint } = tls

      await assert.rejects(
        remote({ url, fingerprint, timeoutMs: what === 'silence' ? 200 : 10_000 }).readSite({}, {}),
        { code },
      )
    })
  }

  test('fields that a newer engine adds are left out', async () => {
    const { url, tls } = await scripted(() => ({ ok: true, value: { ...site.value, newer: 1 }, also: 2 }))

    assert.deepEqual(await remote({ url, fingerprint: tls.fingerprint }).readSite({}, {}), site)
  })

  test('no error tells the password, the token or what was answered', async () => {
    const session = 'se_canary-of-a-session-that-is-secret'
    const secrets = [account.password, btoa(`${account.name}:${account.password}`), session, 'canary-of-an-answer']
    for (const answer of [
      { ok: true, value: { companyName: ['canary-of-an-answer'] } },
      { cut: 'in the body' },
      { status: 500, body: 'canary-of-an-answer' },
    ] as const) {
      const { url, tls } = await scripted(() => answer)
      const error = await remote({ url, fingerprint: tls.fingerprint })
        .readSite({ session }, {})
        .catch((error) => error)

      assert.ok(error instanceof AppError)
      const told = inspect(error, { depth: 10, showHidden: true })
      for (const secret of secrets) assert.ok(!told.includes(secret))
    }
  })

  test('only what may stand in a header is sent there', async () => {
    const { url, tls, requests } = await scripted(() => site)

    await remote({ url, fingerprint: tls.fingerprint }).readSite(
      {
        session: 'a\r\nb',
        address: '192.0.2.7',
        userAgent: `Fïre\u{1f98a}${'x'.repeat(400)}`,
        language: 'de',
        console: true,
      },
      {},
    )

    const { headers } = requests[0] ?? assert.fail()
    assert.equal(headers['sallyport-session'], 'a??b')
    assert.equal(headers['sallyport-client-address'], '192.0.2.7')
    assert.equal(headers['sallyport-client-agent'], `Fïre??${'x'.repeat(294)}`)
    assert.equal(headers['sallyport-client-language'], 'de')
    assert.ok(!Object.keys(headers).some((name) => name.includes('console')))
  })

  test('the address may be the one that configurations of MFA Server have', async () => {
    const { origin, tls, requests } = await scripted(() => site)

    for (const path of ['/Sdk', '/Sdk/', '/Sdk/PfWsSdk.asmx', '/Sdk/pfwssdk.asmx/', ''])
      await remote({ url: origin + path, fingerprint: tls.fingerprint }).readSite({}, {})

    assert.deepEqual(
      requests.map(({ url }) => url),
      [...Array(4).fill('/Sdk/v1/readSite'), '/v1/readSite'],
    )
  })
})

describe('the remote engine and its connections', () => {
  test('one that was cut before the answer is made anew once, for what only reads', async () => {
    for (const [name, times] of [
      ['readSite', 2],
      ['listActivity', 2],
      ['awaitSecondStep', 2],
      ['beginSignIn', 1],
      ['signOut', 1],
      ['sendText', 1],
    ] as const) {
      const { url, tls, requests } = await scripted(() => ({ cut: 'before' }))
      const api = remote({ url, fingerprint: tls.fingerprint })

      await assert.rejects((api[name] as Api['readSite'])({}, {}), { code: 'engine.unreachable' })

      assert.equal(requests.length, times, name)
    }
  })

  test('after the engine was started anew the next call finds it, whichever it is', async () => {
    const sdk = await sdkWorld(answering())
    const api = remote({ url: sdk.url, fingerprint: sdk.tls.fingerprint })

    for (const next of ['readSite', 'signOut'] as const) {
      assert.ok((await api.readSite({}, {})).ok)
      await sdk.stop()
      await assert.rejects(api.readSite({}, {}), { code: 'engine.unreachable', message: /ECONNREFUSED/ })
      await sdk.start()
      assert.ok((await api[next]({}, {})).ok)
    }
  })

  test('are kept, and outlive what a server grants to one', async () => {
    const { url, tls, connections } = await scripted(() => site, { perConnection: 5 })
    const api = remote({ url, fingerprint: tls.fingerprint })

    for (let i = 0; i < 20; i++) assert.ok((await api.readSite({}, {})).ok)

    assert.equal(connections(), 4)
  })

  test('of those who wait hold up nobody who acts', async () => {
    let came = Promise.withResolvers<void>()
    const { url, tls } = await scripted((request) => {
      if (!request.url?.includes('await')) return site
      came.resolve()
      return { cut: 'never' }
    })
    const api = remote({ url, fingerprint: tls.fingerprint })

    const waits: Promise<unknown>[] = []
    // One after the other: so many handshakes at once may take longer than a connection may.
    for (let i = 0; i < 100; i++) {
      came = Promise.withResolvers()
      waits.push(api.awaitPhoneProof({}, { stamp: '', seconds: 20 }).catch((error: unknown) => error))
      await Promise.race([came.promise, waits.at(-1)])
    }

    assert.ok((await api.readSite({}, {})).ok)
    await api.close()
    for (const error of await Promise.all(waits))
      assert.ok(error instanceof AppError && error.code === 'engine.unreachable')
  })

  test('waiting may last longer than any other call', async () => {
    const { url, tls } = await scripted(async (request) => {
      if (!request.url?.includes('await')) return { cut: 'never' }
      await new Promise((later) => setTimeout(later, 300))
      return { ok: true, value: { stamp: 'new' } }
    })
    const api = remote({ url, fingerprint: tls.fingerprint, timeoutMs: 100 })

    assert.deepEqual(await api.awaitPhoneProof({}, { stamp: '', seconds: 20 }), { ok: true, value: { stamp: 'new' } })
    await assert.rejects(api.readSite({}, {}), { code: 'engine.unreachable', message: /100 ms/ })
  })
})

type Scripted =
  | string
  | object
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | { cut: 'before' | 'in the body' | 'never' }

type Script = (request: IncomingMessage) => Scripted | Promise<Scripted>

/** A server of TLS that is no engine, and answers what it is told. */
async function scripted(script: Script, { tls = madeTls(), perConnection = 0 } = {}) {
  const requests: IncomingMessage[] = []
  let bytes = 0
  let connections = 0
  const server = createServer({ cert: tls.cert, key: tls.key }, async (request, response) => {
    requests.push(request)
    request.resume()
    reply(await script(request), response)
  })
  server.maxRequestsPerSocket = perConnection
  server.on('secureConnection', (socket: TLSSocket) => {
    connections++
    socket.on('data', (data) => {
      bytes += data.length
    })
  })
  const port = await listening(server)
  const origin = `https://127.0.0.1:${port}`
  return { url: `${origin}/Sdk/`, origin, tls, requests, bytes: () => bytes, connections: () => connections }
}

function reply(answer: Scripted, response: ServerResponse): void {
  if (typeof answer === 'object' && 'cut' in answer) {
    if (answer.cut === 'in the body') response.writeHead(200, { 'content-length': 1000 }).write('{"ok":true,')
    if (answer.cut !== 'never') setImmediate(() => response.destroy())
    return
  }
  const isWhole = typeof answer === 'object' && 'status' in answer && typeof answer.status === 'number'
  const {
    status,
    body,
    headers = {},
  } = isWhole
    ? (answer as { status: number; body?: unknown; headers?: Record<string, string> })
    : { status: 200, body: answer }
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function listening(server: HttpServer | HttpsServer) {
  await new Promise<void>((resolve) => {
    server.once('listening', () => resolve())
    server.listen(0, '127.0.0.1')
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** An engine that says yes to everybody. */
function answering() {
  const api = perOperation((name) => async () => (name === 'signOut' ? { ok: true, value: { ended: 0 } } : site))
  return { api: api as unknown as Api, checkServiceAccount: async () => true }
}

function isUntrusted(detail: string) {
  return (error: unknown) =>
    error instanceof AppError && error.code === 'engine.untrusted' && error.message.includes(detail)
}

/** A certificate authority made by openssl, and what it vouches for. */
function authority() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-ca-'))
  after(() => rmSync(folder, { recursive: true }))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...ec, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2')

  const vouched = (name: string, san: string) => {
    openssl('req', ...ec, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    writeFileSync(join(folder, 'san'), `subjectAltName=${san}\n`)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-extfile', 'san', '-out', `${name}.pem`]
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-days', '2')
    const [cert, key] = ['pem', 'key'].map((end) => readFileSync(join(folder, `${name}.${end}`), 'utf8'))
    return { cert: cert ?? '', key: key ?? '', fingerprint: '' }
  }
  return {
    ca: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    good: vouched('good', 'IP:127.0.0.1'),
    other: vouched('other', 'DNS:other.example,IP:127.0.0.2'),
  }
}
