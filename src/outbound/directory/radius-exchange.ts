import { AppError } from '../../core/errors.ts'
import type { Clock, Log, Random } from '../../core/ports.ts'
import { type AnswerProof, encodeAccessRequest, readAnswer } from '../../protocols/radius/authenticity.ts'
import type { RadiusAttribute, RadiusPacket } from '../../protocols/radius/packet.ts'
import { type Patience, type RadiusServer, udpCarrier } from './radius-carrier.ts'
import { radiusLiveness } from './radius-liveness.ts'
import { type RadiusTls, tlsCarrier } from './radius-tls.ts'

export type RadiusConfig = Patience & {
  /** Tried in this order. */
  servers: readonly RadiusServer[]
  proof: AnswerProof
  /** Over TLS, which proves what `proof` would. Without it over UDP. */
  tls?: RadiusTls | undefined
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
  close(): void
}

type Needs = { log: Log; random: Random; clock: Clock }

/** The first and the one after it, twice as long: then others are sent elsewhere first. */
const OVERDUE_AFTER_WAITS = 3

/** Requests to RADIUS servers: RFC 2865 section 2, RFC 5080 section 2.2. */
export function radiusExchange(config: RadiusConfig, { log, random, clock }: Needs): RadiusExchange {
  const liveness = radiusLiveness({ ...config, overdueMs: config.firstWait * OVERDUE_AFTER_WAITS }, clock)
  const carrier = config.tls ? tlsCarrier(config.tls, config, { log }) : udpCarrier(config, { log, random })
  const proof: AnswerProof = config.tls ? { waivedBecause: 'TLS proves it' } : config.proof
  let outstanding = 0
  if (!config.tls && config.proof !== 'demanded') {
    log.warn('RADIUS answers are believed without Message-Authenticator', { because: config.proof.waivedBecause })
  }

  async function askOne(
    server: RadiusServer,
    { make, signal }: RadiusQuestion,
    mayLeave: boolean,
  ): Promise<RadiusPacket | AppError | undefined> {
    const secret = server.secret.reveal()
    const made = (identifier: number) => {
      const request = { identifier, authenticator: random.bytes(16) }
      const bytes = encodeAccessRequest({ ...request, attributes: make({ ...request, secret }) }, secret)
      return { bytes, read: (answer: Uint8Array) => readAnswer(answer, request, secret, proof) }
    }
    const watch = liveness.watch(server, mayLeave)
    const leaving = AbortSignal.any([watch.silent, ...(signal ? [signal] : [])])
    try {
      const answer = await carrier.carry(server, { make: made, signal: leaving })
      watch.end(answer ? 'heard' : 'silent')
      return answer
    } catch (error) {
      watch.end(leaving.aborted ? 'left' : 'failed')
      if (signal?.aborted) throw error
      if (leaving.aborted) return undefined
      log.warn('a RADIUS server could not be asked', { server: nameOf(server), reason: String(error) })
      return error instanceof AppError ? error : undefined
    }
  }

  async function askInOrder(question: RadiusQuestion): Promise<RadiusAnswer> {
    const servers = question.only ? [question.only] : liveness.inOrder(config.servers)
    let untrusted: AppError | undefined
    for (const server of servers) {
      const answer = await askOne(server, question, server !== servers.at(-1))
      if (answer instanceof AppError) untrusted = answer
      else if (answer) return { answer, server }
      log.warn('a RADIUS server did not answer', { server: nameOf(server) })
    }
    throw (
      untrusted ??
      new AppError('directory.unreachable', { detail: `no RADIUS answer from ${servers.map(nameOf).join(', ')}` })
    )
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
    close: () => carrier.close(),
  }
}

/** How it is called in the log, and in what is kept of it. */
export function nameOf({ host, port }: Pick<RadiusServer, 'host' | 'port'>): string {
  return `${host}:${port}`
}
