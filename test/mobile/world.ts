import { after } from 'node:test'
import { Hono } from 'hono'
import { AppError } from '../../src/core/errors.ts'
import { type MobileDoor, mountMobile } from '../../src/inbound/mobile/mobile.ts'
import { deviceProtocol } from '../../src/protocols/device-signature.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import type { TestDevice } from '../app/device.ts'
import { appWorld } from '../app/world.ts'

/** The Mobile App Web Service over the world of Alice and her device; `send` speaks to it by hand. */
export async function doorWorld(
  database: Database,
  settings: Record<string, unknown> = {},
  door: Partial<MobileDoor> = {},
) {
  const world = await appWorld(database, settings)
  const app = new Hono()
  const failures: unknown[] = []
  const answered: Parameters<NonNullable<MobileDoor['answered']>>[0][] = []
  const stop = new AbortController()
  after(() => stop.abort())
  mountMobile(app, {
    api: world.api,
    failure(error) {
      failures.push(error)
      return error instanceof AppError && error.kind !== 'broken' ? 503 : 500
    },
    now: world.clock.now,
    newId: () => 'request',
    answered: (facts) => answered.push(facts),
    ...door,
  })

  async function send(method: string, path: string, { headers = {}, body }: Sent = {}) {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = { method, headers: { ...type, ...headers }, ...(body !== undefined && { body }) }
    const response = await app.request(deviceProtocol.path + path, { ...request, signal: stop.signal })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    }
  }

  const authorization = (
    device: TestDevice,
    method: string,
    path: string,
    body = '',
    time = world.clock.now().getTime(),
  ) => `Sallyport-Device ${device.credential(`${method} ${path}`, body, time)}`

  function signed(
    device: TestDevice,
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ) {
    return send(method, path, {
      headers: { authorization: authorization(device, method, path, body), ...headers },
      ...(body !== undefined && { body }),
    })
  }

  /** Events as they come; `close` is the browser that leaves. */
  async function stream(device: TestDevice) {
    const leave = new AbortController()
    const response = await app.request(`${deviceProtocol.path}/v1/events`, {
      headers: { authorization: authorization(device, 'GET', '/v1/events') },
      signal: leave.signal,
    })
    const reader = response.body?.getReader()
    let rest = ''
    async function next(): Promise<{ event: string; data: unknown } | undefined> {
      for (;;) {
        const [, block, after = ''] = /^([\s\S]*?)\n\n([\s\S]*)$/.exec(rest) ?? []
        if (block !== undefined) {
          rest = after
          const [, event] = /^event: (.*)$/m.exec(block) ?? []
          const [, data = 'null'] = /^data: (.*)$/m.exec(block) ?? []
          if (event !== undefined) return { event, data: JSON.parse(data) }
          continue
        }
        const read = await reader?.read()
        if (!read || read.done) return undefined
        rest += new TextDecoder().decode(read.value)
      }
    }
    const close = async () => {
      await reader?.cancel()
    }
    after(close)
    return { status: response.status, headers: response.headers, next, close }
  }

  return { ...world, app, failures, answered, send, signed, authorization, stream }
}

type Sent = { headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }
