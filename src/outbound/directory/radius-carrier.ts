import type { Log, Random } from '../../core/ports.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { ReadAnswer } from '../../protocols/radius/authenticity.ts'
import type { RadiusPacket } from '../../protocols/radius/packet.ts'
import { sendAndWait } from './radius-socket.ts'

export type RadiusServer = { host: string; port: number; secret: Secret }

/** Milliseconds until the first repetition; each further wait is twice the one before. Up to a fifth less of each. */
export type Patience = { firstWait: number; sendings: number }

/** One request, made for the identifier that is free. */
export type Request = {
  make(identifier: number): { bytes: Uint8Array; read(bytes: Uint8Array): ReadAnswer }
  signal?: AbortSignal | undefined
}

/** How requests get to a server. Undefined: silence to the end. Rejects where there is no way to it, or with the signal's reason. */
export type RadiusCarrier = {
  carry(server: RadiusServer, request: Request): Promise<RadiusPacket | undefined>
  close(): void
}

type Needs = { log: Log; random: Random }

/** Over UDP: RFC 2865 section 2.4. */
export function udpCarrier(patience: Patience, { log, random }: Needs): RadiusCarrier {
  return {
    carry({ host, port }, { make, signal }) {
      const { bytes: datagram, read } = make(random.below(256))
      return sendAndWait({ host, port, datagram, waits: waitsOf(patience, random), read, log, signal })
    },
    close() {},
  }
}

/** RFC 5080 section 2.2.1: growing, and not all at the same moment; and no longer than what somebody reckons with who waits for us. */
export function waitsOf({ firstWait, sendings }: Patience, random: Random): number[] {
  return Array.from({ length: sendings }, (_, round) => {
    const wait = firstWait * 2 ** round
    return wait * (0.8 + random.below(201) / 1000)
  })
}
