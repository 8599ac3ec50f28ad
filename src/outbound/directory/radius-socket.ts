import { createSocket, type RemoteInfo } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIPv6 } from 'node:net'
import type { Log } from '../../core/ports.ts'
import type { ReadAnswer } from '../../protocols/radius/authenticity.ts'
import type { RadiusPacket } from '../../protocols/radius/packet.ts'

/** Of what one request drops: a flood of datagrams must not become a flood of lines. */
const MOST_LINES = 5

export type Sending = {
  /** What it is called in the log. */
  server: string
  host: string
  port: number
  datagram: Uint8Array
  /** Milliseconds to wait after each sending; as many sendings as there are waits. */
  waits: readonly number[]
  read: (datagram: Uint8Array) => ReadAnswer
  log: Log
  signal?: AbortSignal | undefined
}

/**
 * The answer to one request, sent from a port of its own that the system draws, and again to the byte while nothing
 * comes (RFC 5080 section 2.2.1: so that the other side counts it once). Undefined: silence to the end. What is not the
 * answer is logged and dropped. Rejects with the signal's reason, and where there is no way to send at all.
 */
export async function sendAndWait({ server, host, port, datagram, waits, read, log, signal }: Sending) {
  signal?.throwIfAborted()
  const { address } = await lookup(host)
  signal?.throwIfAborted()
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const { promise, resolve, reject } = Promise.withResolvers<RadiusPacket | undefined>()
  let timer: NodeJS.Timeout | undefined
  let dropped = 0

  const drop = (reason: string) => {
    if (dropped++ < MOST_LINES) log.warn('a RADIUS answer was dropped', { server, reason })
  }
  const send = (round: number) => {
    const wait = waits[round]
    if (wait === undefined) return resolve(undefined)
    // A failure to send is as a datagram lost on the way: the next one may get through.
    socket.send(datagram, port, address, (error) => {
      if (error) log.warn('a RADIUS request could not be sent', { server, reason: error.message })
    })
    timer = setTimeout(() => send(round + 1), wait)
  }
  const hear = (bytes: Uint8Array, from: RemoteInfo) => {
    if (from.address !== address || from.port !== port) return drop(`from ${from.address}:${from.port}`)
    const heard = read(bytes)
    if ('answer' in heard) resolve(heard.answer)
    else drop(heard.fault)
  }
  const abort = () => reject(signal?.reason)

  socket.on('message', hear).on('error', reject)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    send(0)
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    socket.close()
  }
}
