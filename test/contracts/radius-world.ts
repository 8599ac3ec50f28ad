import assert from 'node:assert/strict'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { after, afterEach } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Directory } from '../../src/core/directory.ts'
import { AppError } from '../../src/core/errors.ts'
import type { Log } from '../../src/core/ports.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { type RadiusDirectoryConfig, radiusDirectory } from '../../src/outbound/directory/radius.ts'
import { type RadiusConfig, radiusExchange } from '../../src/outbound/directory/radius-exchange.ts'
import { radiusPasswords } from '../../src/outbound/directory/radius-password.ts'
import { type RadiusPacket, radiusCode, readRadius } from '../../src/protocols/radius/packet.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { secret as usualSecret } from '../radius-answer.ts'

const silent: Log = { info() {}, warn() {}, error() {} }
const sockets: Socket[] = []
const closeAll = () => {
  for (const socket of sockets.splice(0)) socket.close()
}
afterEach(closeAll)
after(closeAll)

type Client = Partial<RadiusConfig> & {
  ports?: readonly number[]
  secret?: string
  method?: 'pap' | 'ms-chap-v2'
}

/** A client of servers on loopback, the lines of its log, and a clock that stands still but for `at`. */
export function radiusClient({ ports = [], secret = usualSecret, method = 'pap', ...config }: Client = {}) {
  const lines: string[] = []
  const write = (...line: unknown[]) => void lines.push(JSON.stringify(line))
  const log: Log = { info: write, warn: write, error: write }
  let now = 0
  const exchange = radiusExchange(
    {
      servers: ports.map((port) => ({ host: '127.0.0.1', port, secret: new Secret(secret) })),
      // Long enough for a busy machine to answer in; who waits for silence to its end says a shorter one.
      ...{ proof: 'demanded', firstWait: 500, sendings: 3, restMs: 60_000, mostOutstanding: 100, mostWaiting: 0 },
      statusServer: true,
      ...config,
    },
    { log, random: systemRandom, clock: { now: () => new Date(now) } },
  )
  const passwords = radiusPasswords({ nas: { identifier: 'sallyport' }, method }, { exchange, random: systemRandom })
  const at = (ms: number) => {
    now = ms
  }
  return { ...passwords, lines, at }
}

/** What the directory is made of, with servers on loopback. */
export function radiusConfigOf({ ports = [], secret = usualSecret, ...config }: DirectoryOptions = {}) {
  return {
    servers: ports.map((port) => ({ host: '127.0.0.1', port, secret: new Secret(secret) })),
    ...{ proof: 'demanded', firstWait: 500, sendings: 3, restMs: 60_000, mostOutstanding: 100, mostWaiting: 0 },
    statusServer: true,
    ...{
      changePasswords: false,
      method: 'pap',
      nas: { identifier: 'sallyport' },
      names: { form: 'bare', domains: ['CORP', 'corp.example'] },
    },
    ...config,
  } satisfies RadiusDirectoryConfig as RadiusDirectoryConfig
}

type DirectoryOptions = Partial<RadiusDirectoryConfig> & { ports?: readonly number[]; secret?: string }

export function radiusDirectoryAt(options: DirectoryOptions, log: Log = silent): Directory {
  const directory = radiusDirectory(radiusConfigOf(options), { log, random: systemRandom, clock: systemClock })
  // Connections that are kept would keep the process.
  after(() => directory.close())
  return directory
}

export type Peer = {
  port: number
  heard: Buffer[]
  from: RemoteInfo[]
}

/** A server of our own: `answer` does with each request what it likes. */
export async function radiusPeer(answer: (request: Buffer, from: RemoteInfo, socket: Socket, count: number) => void) {
  const socket = createSocket('udp4')
  const peer: Peer = { port: 0, heard: [], from: [] }
  socket.on('message', (request, from) => {
    // As NPS does with Status-Server.
    if (request[0] === radiusCode.statusServer) return
    peer.heard.push(request)
    peer.from.push(from)
    answer(request, from, socket, peer.heard.length)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  sockets.push(socket)
  peer.port = socket.address().port
  return peer
}

export function silentPort(): Promise<Peer> {
  return radiusPeer(() => {})
}

/** However long it takes, within reason: nothing here waits for a time. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, 'it did not come about')
    await wait(20)
  }
}

export function packetOf(bytes: Uint8Array): RadiusPacket {
  const read = readRadius(bytes)
  assert.ok('packet' in read)
  return read.packet
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'directory.unreachable'
}
