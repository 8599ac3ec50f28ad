import { AppError } from '../../core/errors.ts'
import type { Clock, Log, Random } from '../../core/ports.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import { type AnswerProof, encodeAccessRequest, readAnswer } from '../../protocols/radius/authenticity.ts'
import type { RadiusAttribute, RadiusPacket } from '../../protocols/radius/packet.ts'
import { sendAndWait } from './radius-socket.ts'

export type RadiusServer = { host: string; port: number; secret: Secret }

export type RadiusConfig = {
  /** Tried in this order. */
  servers: readonly RadiusServer[]
  proof: AnswerProof
  /** Milliseconds until the first repetition; each further wait is twice the one before, give or take a tenth. */
  firstWait: number
  /** How often a packet is sent to one server before it counts as silent. */
  sendings: number
  /** Milliseconds for which a silent server is asked only after all others. */
  restMs: number
  /** Requests under way at once; each holds a socket. */
  mostOutstanding: number
}

/** `make` gives the attributes for one request: what it hides depends on that request and that server. */
export type RadiusQuestion = {
  make: (request: { identifier: number; authenticator: Uint8Array; secret: string }) => readonly RadiusAttribute[]
  /** Only this server will do: it gave the State that is sent back. */
  only?: RadiusServer | undefined
  signal?: AbortSignal | undefined
}

export type RadiusAnswer = { answer: RadiusPacket; server: RadiusServer }

export type RadiusExchange = {
  /**
   * The first authentic answer. A server that stays silent may have counted the try all the same; the next is asked
   * nevertheless, or one dead server would lock everybody out. Rejects with AppError `directory.unreachable` where all
   * are silent, `queue.full`, or the signal's reason.
   */
  ask(question: RadiusQuestion): Promise<RadiusAnswer>
}

type Needs = { log: Log; random: Random; clock: Clock }

/** Requests to RADIUS servers over UDP: RFC 2865 section 2, RFC 5080 section 2.2. */
export function radiusExchange(config: RadiusConfig, { log, random, clock }: Needs): RadiusExchange {
  const restingUntil = new Map<RadiusServer, number>()
  let outstanding = 0
  if (config.proof !== 'demanded') {
    log.warn('RADIUS answers are believed without Message-Authenticator', { reason: config.proof.waivedBecause })
  }

  async function askOne(server: RadiusServer, { make, signal }: RadiusQuestion): Promise<RadiusPacket | undefined> {
    const secret = server.secret.reveal()
    const request = { identifier: random.below(256), authenticator: random.bytes(16) }
    const attributes = make({ ...request, secret })
    return sendAndWait({
      ...{ host: server.host, port: server.port, log, signal },
      datagram: encodeAccessRequest({ ...request, attributes }, secret),
      waits: waitsOf(config, random),
      read: (bytes) => readAnswer(bytes, request, secret, config.proof),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      log.warn('a RADIUS server could not be asked', { server: nameOf(server), reason: String(error) })
      return undefined
    })
  }

  /** Those that rest come last, for they may be all there is. */
  function inOrder(): RadiusServer[] {
    const now = clock.now().getTime()
    const rests = (server: RadiusServer) => (restingUntil.get(server) ?? 0) > now
    return [...config.servers.filter((server) => !rests(server)), ...config.servers.filter(rests)]
  }

  async function askInOrder(question: RadiusQuestion): Promise<RadiusAnswer> {
    const servers = question.only ? [question.only] : inOrder()
    for (const server of servers) {
      const answer = await askOne(server, question)
      if (answer) {
        restingUntil.delete(server)
        return { answer, server }
      }
      restingUntil.set(server, clock.now().getTime() + config.restMs)
      log.warn('a RADIUS server did not answer', { server: nameOf(server) })
    }
    throw new AppError('directory.unreachable', { detail: `no RADIUS answer from ${servers.map(nameOf).join(', ')}` })
  }

  return {
    async ask(question) {
      if (outstanding >= config.mostOutstanding) throw new AppError('queue.full')
      outstanding++
      try {
        return await askInOrder(question)
      } finally {
        outstanding--
      }
    },
  }
}

/** RFC 5080 section 2.2.1: growing, and not all at the same moment. */
function waitsOf({ firstWait, sendings }: RadiusConfig, random: Random): number[] {
  return Array.from({ length: sendings }, (_, round) => {
    const wait = firstWait * 2 ** round
    return wait * (0.9 + random.below(201) / 1000)
  })
}

function nameOf({ host, port }: RadiusServer): string {
  return `${host}:${port}`
}
