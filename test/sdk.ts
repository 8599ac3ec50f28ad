import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { after } from 'node:test'
import { Agent, request } from 'undici'
import { freePort } from '../dev/hosts/port.ts'
import type { Api } from '../src/contract/contract.ts'
import { AppError } from '../src/core/errors.ts'
import { Secret } from '../src/core/secrets/secret.ts'
import { type JsonDoor, jsonDoor } from '../src/inbound/sdk/json.ts'
import { type Listener, listen, type TlsFiles } from '../src/inbound/web/listen.ts'
import { type RemoteConfig, remoteApi } from '../src/outbound/sdk-client/client.ts'
import { sdkJson } from '../src/protocols/sdk-json.ts'
import { selfSigned } from '../src/storage/self-signed.ts'

export const account = { name: 'portal', password: 'sixteen-or-more-characters' }
export const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

/** A certificate for this machine, made for one test. */
export function madeTls(names = ['localhost', '127.0.0.1'], notAfter = Date.now() + 86_400_000) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const life = { notBefore: new Date(Date.now() - 2 * 86_400_000), notAfter: new Date(notAfter) }
  const cert = selfSigned({ key: privateKey, names, ...life })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 }
}

/** A client that is closed after the tests of its file. */
export function remote(config: Omit<RemoteConfig, 'username' | 'password'> & { username?: string; password?: string }) {
  const { username = account.name, password = account.password, ...rest } = config
  const api = remoteApi({ ...rest, username, password: new Secret(password) })
  after(() => api.close())
  return api
}

type Engine = { api: Api; checkServiceAccount: JsonDoor['checkAccount'] }

/** The JSON door of an engine, over TLS on loopback. `send` speaks to it by hand; a password of its own is shown unless one is given. */
export async function sdkWorld({ api, checkServiceAccount }: Engine, { tls = madeTls() } = {}) {
  const failures: unknown[] = []
  const answered: Parameters<NonNullable<JsonDoor['answered']>>[0][] = []
  let id = 0
  const app = jsonDoor({
    api,
    checkAccount: checkServiceAccount,
    failure(error) {
      failures.push(error)
      return error instanceof AppError && error.kind !== 'broken' ? 503 : 500
    },
    now: () => new Date(),
    newId: () => `request-${++id}`,
    answered: (facts) => answered.push(facts),
  })
  const port = await freePort()
  const open = () => listen({ app, host: '127.0.0.1', port, tls: tls satisfies TlsFiles })
  let listener: Listener = await open()
  const agent = new Agent({ connect: { ca: tls.cert } })
  after(async () => {
    await agent.destroy()
    await listener.close()
  })

  async function send(path: string, { method = 'POST', headers = {}, body = '{}' }: Sent = {}) {
    const {
      statusCode,
      headers: answerHeaders,
      body: stream,
    } = await request(`https://127.0.0.1:${port}${path}`, {
      dispatcher: agent,
      method,
      headers: {
        authorization: basic(account.name, account.password),
        'content-type': 'application/json',
        ...headers,
      },
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
    })
    const text = await stream.text()
    return { status: statusCode, headers: answerHeaders, text }
  }

  return {
    url: `https://127.0.0.1:${port}${sdkJson.path}/`,
    port,
    tls,
    failures,
    answered,
    send,
    operate: (name: string, sent?: Sent) => send(`${sdkJson.path}/v1/${name}`, sent),
    stop: () => listener.close(),
    async start() {
      listener = await open()
    },
  }
}

export type Sent = { method?: string; headers?: Record<string, string>; body?: string | Uint8Array }
