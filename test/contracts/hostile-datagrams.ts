import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'

/** What happens to a datagram on the way: the datagrams that arrive in its place, and after how many milliseconds. */
type Fate = { bytes: Buffer; afterMs: number }[]
type Client = { address: string; port: number }

const UPSTREAMS = 32
const LONGEST_DELAY_MS = 60
/** So many answers are kept, to be delivered to whom they were not for. */
const KEPT = 50

/**
 * Between a RADIUS client and its server, on loopback: drops, corrupts, delays (and so reorders), doubles, and hands out
 * answers that were made for others, until it is told to be honest. What it does follows from its seed.
 */
export async function hostileDatagrams(server: { port: number }, seed: number) {
  const chance = chanceOf(seed)
  const front = await bound()
  const upstreams = await Promise.all(Array.from({ length: UPSTREAMS }, bound))
  const clients = upstreams.map(() => new Map<number, Client>())
  const accepts: Buffer[] = []
  const timers = new Set<NodeJS.Timeout>()
  const counts = { touched: 0, whole: 0 }
  let hostile = true
  let turn = 0

  function forward(bytes: Buffer, isAnswer: boolean, send: (bytes: Buffer) => void): void {
    const fate = hostile ? fateOf(bytes, isAnswer) : [{ bytes, afterMs: 0 }]
    if (fate.length === 1 && fate[0]?.bytes === bytes) counts.whole++
    else counts.touched++
    for (const { bytes: arriving, afterMs } of fate) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        send(arriving)
      }, afterMs)
      timers.add(timer)
    }
  }

  function fateOf(bytes: Buffer, isAnswer: boolean): Fate {
    const now = (changed: Buffer): Fate => [{ bytes: changed, afterMs: 0 }]
    switch (chance.below(isAnswer ? 11 : 7)) {
      case 0:
        return []
      case 1:
        return now(corrupted(bytes, chance.below))
      case 2:
        return [{ bytes, afterMs: chance.below(LONGEST_DELAY_MS) }]
      case 3:
        return [
          { bytes, afterMs: 0 },
          { bytes: Buffer.from(bytes), afterMs: chance.below(LONGEST_DELAY_MS) },
        ]
      case 7:
        // RFC 2865 section 4.2: Access-Accept, whatever it was.
        return now(changed(bytes, 0, 2))
      case 8:
        return now(ofAnother(bytes))
      case 9:
        return [...now(ofAnother(bytes)), { bytes, afterMs: 1 }]
      case 10:
        return now(chance.below(2) ? bytes.subarray(0, -1 - chance.below(20)) : Buffer.concat([bytes, Buffer.alloc(8)]))
      default:
        return now(bytes)
    }
  }

  /** An acceptance of somebody else's password, under the identifier that is waited for. */
  function ofAnother(bytes: Buffer): Buffer {
    const other = accepts[chance.below(accepts.length || 1)]
    return other ? changed(other, 1, bytes[1] ?? 0) : bytes
  }

  front.on('message', (bytes, from) => {
    const at = turn++ % UPSTREAMS
    clients[at]?.set(bytes[1] ?? 0, from)
    forward(bytes, false, (arriving) => upstreams[at]?.send(arriving, server.port, '127.0.0.1'))
  })
  for (const [at, upstream] of upstreams.entries()) {
    upstream.on('message', (bytes: Buffer, _from: RemoteInfo) => {
      if (bytes[0] === 2) accepts[chance.below(KEPT)] = Buffer.from(bytes)
      const client = clients[at]?.get(bytes[1] ?? 0)
      if (client) forward(bytes, true, (arriving) => front.send(arriving, client.port, client.address))
    })
  }

  return {
    port: front.address().port,
    counts,
    beHonest() {
      hostile = false
    },
    close() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of [front, ...upstreams]) socket.close()
    },
  }
}

function corrupted(bytes: Buffer, below: (end: number) => number): Buffer {
  const damaged = Buffer.from(bytes)
  for (let flips = 1 + below(3); flips > 0; flips--) {
    const at = below(damaged.length)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << below(8))
  }
  return damaged
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}

async function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** Mulberry32: the same seed, the same damage. */
function chanceOf(seed: number) {
  let state = seed >>> 0
  return {
    below(end: number): number {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) % end
    },
  }
}
