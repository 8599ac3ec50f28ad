import { AppError } from '../../core/errors.ts'
import type { Clock, Log, Random } from '../../core/ports.ts'
import {
  type AnswerProof,
  encodeAccessRequest,
  encodeStatusServer,
  readAnswer,
} from '../../protocols/radius/authenticity.ts'
import type { RadiusAttribute, RadiusPacket } from '../../protocols/radius/packet.ts'
import { turns } from './ldap-turns.ts'
import { nameOf, type Patience, type RadiusServer, type Reached, udpCarrier } from './radius-carrier.ts'
import { radiusLiveness } from './radius-liveness.ts'
import { radiusPulse } from './radius-pulse.ts'
import { type RadiusTls, tlsCarrier } from './radius-tls.ts'

export type RadiusConfig = Patience & {
  /** Tried in this order. */
  servers: readonly RadiusServer[]
  proof: AnswerProof
  /** Over TLS, which proves what `proof` would. Without it over UDP. */
  tls?: RadiusTls | undefined
  /** Milliseconds for which a silent server is asked only after all others. */
  restMs: number
  /** Servers are asked whether they are there (RFC 5997), where there is more than one. */
  statusServer: boolean
  /** Requests under way at once, of which each holds a socket, and those that wait for their turn. */
  mostOutstanding: number
  mostWaiting: number
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
  /** Whether it is there, by Status-Server. */
  reach(server: RadiusServer): Promise<Reached>
  close(): void
}

type Needs = { log: Log; random: Random; clock: Clock }

/** RFC 2865 section 3; below that whoever listens has it in no time. */
const SHORTEST_SECRET = 16
/** How often one that is set aside is asked whether it is back. */
const LOOK_MS = 5_000
/** The first and the one after it, twice as long: then others are sent elsewhere first. */
const OVERDUE_AFTER_WAITS = 3

/** Requests to RADIUS servers: RFC 2865 section 2, RFC 5080 section 2.2. */
export function radiusExchange(config: RadiusConfig, { log, random, clock }: Needs): RadiusExchange {
  const liveness = radiusLiveness({ ...config, overdueMs: config.firstWait * OVERDUE_AFTER_WAITS }, clock)
  const carrier = config.tls ? tlsCarrier(config.tls, config, { log }) : udpCarrier(config, { log, random })
  const proof: AnswerProof = config.tls ? { waivedBecause: 'TLS proves it' } : config.proof
  const inTurn = turns({ atOnce: config.mostOutstanding, waiting: config.mostWaiting })
  const lookMs = Math.min(LOOK_MS, config.restMs)
  const hasAnother = config.servers.length > 1
  const pulse = config.statusServer && hasAnother ? radiusPulse({ reach, liveness, clock, log, lookMs }) : undefined
  if (!config.tls && config.proof !== 'demanded') {
    log.warn('RADIUS answers are believed without Message-Authenticator', { because: config.proof.waivedBecause })
  }
  for (const server of config.tls ? [] : config.servers)
    if (server.secret.reveal().length < SHORTEST_SECRET)
      log.warn('the secret of a RADIUS server is short enough to be guessed', { server: nameOf(server) })

  /** What answers may lack Message-Authenticator: whoever forges one has a server asked that is not there, and no more. */
  function reach(server: RadiusServer): Promise<Reached> {
    const secret = server.secret.reveal()
    return carrier.reach(server, {
      make(identifier) {
        const request = { identifier, authenticator: random.bytes(16) }
        const bytes = encodeStatusServer(request, secret)
        return { bytes, read: (answer) => readAnswer(answer, request, secret, { waivedBecause: 'nobody is let in' }) }
      },
    })
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
      if (answer) pulse?.heard(server)
      watch.end(answer ? 'heard' : 'silent')
      if (!answer) pulse?.unheard(server)
      return answer
    } catch (error) {
      watch.end(leaving.aborted ? 'left' : 'failed')
      if (signal?.aborted) throw error
      if (leaving.aborted) return undefined
      pulse?.unheard(server)
      log.warn('a RADIUS server could not be asked', { server: nameOf(server), reason: String(error) })
      return error instanceof AppError ? error : undefined
    }
  }

  /** Those that are not felt are asked all the same after the others: one may have stopped answering Status-Server alone. */
  async function* inOrder({ only, signal }: RadiusQuestion): AsyncGenerator<RadiusServer> {
    if (only) return yield only
    const unfelt: RadiusServer[] = []
    for (const server of liveness.inOrder(config.servers)) {
      const isFelt = pulse === undefined || (await pulse.isFelt(server))
      signal?.throwIfAborted()
      if (isFelt) yield server
      else unfelt.push(server)
    }
    yield* unfelt
  }

  async function askInOrder(question: RadiusQuestion): Promise<RadiusAnswer> {
    const left = new Set(question.only ? [question.only] : config.servers)
    const asked: string[] = []
    let untrusted: AppError | undefined
    for await (const server of inOrder(question)) {
      left.delete(server)
      const answer = await askOne(server, question, left.size > 0)
      if (answer instanceof AppError) untrusted = answer
      else if (answer) return { answer, server }
      asked.push(nameOf(server))
      log.warn('a RADIUS server did not answer', { server: nameOf(server) })
    }
    throw untrusted ?? new AppError('directory.unreachable', { detail: `no RADIUS answer from ${asked.join(', ')}` })
  }

  return {
    ask: (question) => inTurn(() => askInOrder(question)),
    reach,
    close() {
      pulse?.close()
      carrier.close()
    },
  }
}
