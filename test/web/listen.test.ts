import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { Hono } from 'hono'
import { makeLook } from '../../src/inbound/web/design/look.ts'
import { html } from '../../src/inbound/web/html.ts'
import { events, page } from '../../src/inbound/web/http.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import { mountSite } from '../../src/inbound/web/site.ts'
import type { EventRun } from '../../src/inbound/web/sse.ts'

describe('listening', { timeout: 60_000 }, () => {
  test('a taken port is told by its code', async () => {
    const { port, close } = await world()
    await assert.rejects(listen({ app: new Hono(), host: '127.0.0.1', port }), { code: 'EADDRINUSE' })
    await close()
  })

  test('a certificate that is none is told before anything listens', async () => {
    await assert.rejects(listen({ app: new Hono(), host: '127.0.0.1', port: 0, tls: { cert: 'none', key: 'none' } }))
  })

  test('the client’s address is the socket’s', async () => {
    const { url, close } = await world()
    assert.equal(await (await fetch(`${url}/address`)).text(), '127.0.0.1')
    await close()
  })

  test('nonsense on the socket is refused, and others are served', async () => {
    const { url, port, close } = await world()
    for (const nonsense of [
      '\x16\x03\x01\x02\x00\x01\x00',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.write(nonsense)
      await once(socket.resume(), 'close')
    }
    assert.equal((await fetch(`${url}/address`)).status, 200)
    await close()
  })
})

describe('server-sent events', { timeout: 60_000 }, () => {
  test('arrive as they are sent, uncompressed, and the run ends when the browser leaves', async () => {
    const left = Promise.withResolvers<void>()
    const { url, close } = await world({
      run: async ({ send, signal }) => {
        send({ name: 'changed' })
        send({ name: 'go', data: '/a\nb' })
        await once(signal, 'abort')
        send({ name: 'too-late' })
        left.resolve()
      },
    })
    const leaving = new AbortController()
    const response = await fetch(`${url}/live`, { headers: { 'accept-encoding': 'gzip' }, signal: leaving.signal })
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    assert.equal(response.headers.get('content-encoding'), null)
    assert.equal(
      await readUntil(response, 'go'),
      'retry: 2000\n\nevent: changed\ndata: null\n\nevent: go\ndata: "/a\\nb"\n\n',
    )
    leaving.abort()
    await left.promise
    await close()
  })

  test('end when the run does, or fails; the failure is logged', async () => {
    const { url, close, errors } = await world({
      run: async () => {
        throw new Error('gone')
      },
    })
    assert.equal(await (await fetch(`${url}/live`)).text(), 'retry: 2000\n\n')
    assert.equal(errors.length, 1)
    await close()
  })

  test('end with their lifetime', async () => {
    const { url, close } = await world({
      run: async ({ signal }) => void (await once(signal, 'abort')),
      lifetimeSeconds: 0.05,
    })
    assert.equal(await (await fetch(`${url}/live`)).text(), 'retry: 2000\n\n')
    await close()
  })

  test('do not hold up the end of the server', async () => {
    const ended = Promise.withResolvers<void>()
    const { url, close } = await world({
      run: async ({ signal }) => {
        await once(signal, 'abort')
        ended.resolve()
      },
    })
    const response = await fetch(`${url}/live`)
    await readUntil(response, 'retry')
    await close()
    await ended.promise
  })
})

async function readUntil(response: Response, word: string): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  while (!text.includes(word)) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  reader?.releaseLock()
  return text
}

/** A server on loopback that tells the client's address, and streams what `run` sends. */
async function world({
  run = async () => {},
  lifetimeSeconds = 60,
}: {
  run?: EventRun
  lifetimeSeconds?: number
} = {}) {
  const errors: unknown[] = []
  const app = new Hono()
  mountSite(app, {
    base: '',
    look: () => makeLook({ company: 'Contoso' }),
    failure: (error) => {
      errors.push(error)
      return 500
    },
    now: () => new Date(),
    newId: () => '1',
    tls: false,
    routes: [
      { method: 'GET', path: '/address', who: 'anyone', handler: ({ address }) => page(html`${address}`) },
      { method: 'GET', path: '/live', who: 'anyone', handler: () => events(run, { lifetimeSeconds }) },
    ],
  })
  return { ...(await listen({ app, host: '127.0.0.1', port: 0 })), errors }
}
