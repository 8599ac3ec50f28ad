import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { ReadAnswer } from '../../protocols/radius/authenticity.ts'
import { HEADER, LONGEST_PACKET, type RadiusPacket } from '../../protocols/radius/packet.ts'
import { nameOf, type RadiusServer, type Request } from './radius-carrier.ts'

/** `lost`: the connection ended before an answer came. Undefined: none came in time. */
export type Heard = RadiusPacket | undefined | 'lost'

type Waiting = { read(bytes: Uint8Array): ReadAnswer; settle(heard: Heard): void }
type Needs = { server: Pick<RadiusServer, 'host' | 'port'>; log: Log; onEnd(): void }

/** Also where it wants a certificate of ours that we have not: TLS 1.3 tells that only after the handshake. */
export const CLOSED = 'the server closed the connection'

/** Of what one connection drops. */
const MOST_LINES = 5

/** Requests on one connection, told apart by their identifiers, of which there are 256 (RFC 6613 section 2.6). */
export class RadiusStream {
  readonly #socket: Duplex
  readonly #needs: Needs
  readonly #waiting = new Map<number, Waiting>()
  #unread: Buffer = Buffer.alloc(0)
  #next = 0
  #heard = 0
  #dropped = 0
  #isOver = false

  constructor(socket: Duplex, needs: Needs) {
    this.#socket = socket
    this.#needs = needs
    socket.on('data', (bytes: Buffer) => this.#hear(bytes))
    socket.on('error', (error) => this.#endFor(String(error)))
    socket.on('end', () => this.#endFor(CLOSED))
    socket.on('close', () => this.#endFor(CLOSED))
  }

  /** Requests under way on it. */
  get load(): number {
    return this.#waiting.size
  }

  async ask({ make, signal }: Request, waitMs: number): Promise<Heard> {
    if (this.#isOver) return 'lost'
    const identifier = this.#free()
    const { bytes, read } = make(identifier)
    const { promise, resolve, reject } = Promise.withResolvers<Heard>()
    const heardBefore = this.#heard
    this.#waiting.set(identifier, { read, settle: resolve })
    const timer = setTimeout(() => resolve(undefined), waitMs)
    const abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    this.#socket.write(bytes)
    try {
      const heard = await promise
      // Nothing at all came: the other side may be long gone, and a new connection would show it. Not while somebody
      // else waits on it, whose request would be sent a second time.
      if (heard === undefined && this.#heard === heardBefore && this.load === 1) this.end()
      return heard
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      this.#waiting.delete(identifier)
    }
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.destroy()
    this.#needs.onEnd()
    for (const { settle } of this.#waiting.values()) settle('lost')
  }

  /** An answer that comes too late does not fit the request that has its identifier then: the authenticator differs. */
  #free(): number {
    for (let tries = 0; tries < 256; tries++) {
      const identifier = this.#next
      this.#next = (identifier + 1) % 256
      if (!this.#waiting.has(identifier)) return identifier
    }
    throw new AppError('queue.full')
  }

  #hear(bytes: Buffer): void {
    this.#heard++
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes])
    while (this.#unread.length >= HEADER) {
      const length = this.#unread.readUInt16BE(2)
      // RFC 6613 section 2.6.4: there is no finding back into such a stream.
      if (length < HEADER || length > LONGEST_PACKET) {
        this.#endFor(`a length of ${length}`)
        return
      }
      if (this.#unread.length < length) return
      this.#take(this.#unread.subarray(0, length))
      this.#unread = this.#unread.subarray(length)
    }
  }

  #take(packet: Buffer): void {
    const waiting = this.#waiting.get(packet.readUInt8(1))
    const read = waiting?.read(packet) ?? { fault: 'for no request that waits' }
    if ('answer' in read) waiting?.settle(read.answer)
    else this.#drop(read.fault)
  }

  #endFor(reason: string): void {
    const { server, log } = this.#needs
    // Servers close what is idle: nobody has lost anything by it.
    if (!this.#isOver && this.#waiting.size > 0)
      log.warn('a connection to a RADIUS server ended', { server: nameOf(server), reason })
    this.end()
  }

  #drop(reason: string): void {
    const { server, log } = this.#needs
    if (this.#dropped++ < MOST_LINES) log.warn('a RADIUS answer was dropped', { server: nameOf(server), reason })
  }
}
