import { isIPv6 } from 'node:net'
import type { Log, Random } from '../../core/ports.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { ReadAnswer } from '../../protocols/radius/authenticity.ts'
import type { RadiusPacket } from '../../protocols/radius/packet.ts'
import { sendAndWait } from './radius-socket.ts'

export type RadiusServer = { host: string; port: number; secret: Secret }

/** How it is called in the log, and in what is kept of it. */
export function nameOf({ host, port }: Pick<RadiusServer, 'host' | 'port'>): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** Milliseconds until the first repetition; each further wait is twice the one before. Up to a fifth less of each. */
export type Patience = { firstWait: number; sendings: number }

/** One request, made for the identifier that is free. */
export type Request = {
  make(identifier: number): { bytes: Uint8Array; read(bytes: Uint8Array): ReadAnswer }
  signal?: AbortSignal | undefined
}

/** `met`: there is a new connection to it, and it was not asked. */
export type Reached = 'answered' | 'met' | 'silent'

/** How requests get to a server. */
export type RadiusCarrier = {
  /** Undefined: silence to the end. Rejects where there is no way to it, or with the signal's reason. */
  carry(server: RadiusServer, request: Request): Promise<RadiusPacket | undefined>
  /** Whether it is there, found out in about a second by a request that asks nothing else. Never rejects. */
  reach(server: RadiusServer, request: Request): Promise<Reached>
  close(): void
}

/** Milliseconds for the answer of a server that is there. One that is lost on the way is asked for again. */
export const REACH_WAITS = [250, 250, 500]

type Needs = { log: Log; random: Random }

/** Over UDP: RFC 2865 section 2.4. */
export function udpCarrier(patience: Patience, { log, random }: Needs): RadiusCarrier {
  return {
    carry(server, { make, signal }) {
      const { bytes: datagram, read } = make(random.below(256))
      return sendAndWait({ ...placeOf(server), datagram, waits: waitsOf(patience, random), read, log, signal })
    },
    async reach(server, { make }) {
      // Each a new one, not the same again: there is nothing in it that must be counted once.
      for (const wait of REACH_WAITS) {
        const { bytes: datagram, read } = make(random.below(256))
        const sending = { ...placeOf(server), datagram, waits: [wait], read, log: unheard }
        if (await sendAndWait(sending).catch(() => undefined)) return 'answered'
      }
      return 'silent'
    },
    close() {},
  }
}

function placeOf(server: RadiusServer) {
  return { server: nameOf(server), host: server.host, port: server.port }
}

/** Whoever is not there is told of once, and not by each datagram. */
const unheard: Log = { info() {}, warn() {}, error() {} }

/** RFC 5080 section 2.2.1: growing, and not all at the same moment; and no longer than what somebody reckons with who waits for us. */
export function waitsOf({ firstWait, sendings }: Patience, random: Random): number[] {
  return Array.from({ length: sendings }, (_, round) => {
    const wait = firstWait * 2 ** round
    return wait * (0.8 + random.below(201) / 1000)
  })
}
