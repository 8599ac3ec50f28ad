import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What is done to a piece of the conversation on its way. */
const damages = ['corrupt', 'cut', 'drop', 'delay', 'reorder', 'double'] as const
export type Damage = (typeof damages)[number]

export type HostileTcp = {
  port: number
  /** How often each damage was done. */
  done: Record<Damage, number>
  /** From now on everything passes as it came. */
  calm(): void
  close(): Promise<void>
}

/** Somebody on the way to a server who spoils what passes, in both directions, by a sequence that its seed gives. */
export async function hostileTcp(
  target: number,
  { seed, oneIn }: { seed: number; oneIn: number },
): Promise<HostileTcp> {
  const next = sequence(seed)
  const sockets = new Set<Socket>()
  const done: HostileTcp['done'] = { corrupt: 0, cut: 0, drop: 0, delay: 0, reorder: 0, double: 0 }
  let calm = false

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    return socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  }

  function pass(from: Socket, to: Socket): void {
    let held: Buffer | undefined
    const send = (piece: Buffer) => {
      if (!to.destroyed) to.write(piece)
    }
    from.on('data', (piece: Buffer) => {
      const damage = calm || next() % oneIn > 0 ? undefined : damages[next() % damages.length]
      if (damage) done[damage]++
      const before = held
      held = undefined
      switch (damage) {
        case 'corrupt':
          send(changed(piece, next()))
          break
        case 'cut':
          send(piece.subarray(0, next() % piece.length))
          to.end()
          break
        case 'drop':
          break
        case 'delay':
          setTimeout(send, next() % 20, piece)
          break
        case 'reorder':
          held = piece
          break
        case 'double':
          send(piece)
          send(piece)
          break
        default:
          send(piece)
      }
      if (before) send(before)
    })
    from.on('close', () => to.destroy())
  }

  const server = createServer((near) => {
    const far = keep(connect(target, '127.0.0.1'))
    pass(keep(near), far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    done,
    calm: () => {
      calm = true
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

function changed(piece: Buffer, number: number): Buffer {
  const copy = Buffer.from(piece)
  const at = number % copy.length
  copy[at] = (copy[at] ?? 0) ^ (1 << (number % 8))
  return copy
}

/** Numbers that look like chance, and are the same for the same seed (xorshift). */
function sequence(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
