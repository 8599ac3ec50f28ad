import { once } from 'node:events'
import { isIP } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import { nameOf, type Patience, type RadiusCarrier, type RadiusServer, REACH_WAITS } from './radius-carrier.ts'
import { RadiusStream } from './radius-stream.ts'

/** PEM. `ca` alone is then trusted; `cert` and `key` say who we are. */
export type RadiusTls = { ca?: string | undefined; cert?: string | undefined; key?: Secret | undefined }

const CONNECT_MS = 5_000
/** For a server that is asked only whether it is there: TCP and TLS are some ways to and fro. */
const MEET_MS = 2_000
const REACH_MS = REACH_WAITS.reduce((sum, wait) => sum + wait, 0)

/**
 * Connections to one server. Servers limit them (FreeRADIUS: 16), and we may be several nodes. Beyond that requests share
 * one, and only then: FreeRADIUS 3.2.1 leaves the second of two that come at the same moment unread until a third comes.
 */
const MOST_CONNECTIONS = 4

/**
 * RADIUS over TLS (RFC 6614), on connections that are kept, and opened again when they are lost. A request is sent once
 * (section 2.1 of RFC 6613); the time that UDP would take for all its repetitions is the time for the answer.
 */
export function tlsCarrier(tls: RadiusTls, patience: Patience, { log }: { log: Log }): RadiusCarrier {
  const lines = new Map<RadiusServer, Line>()
  const waitMs = patience.firstWait * (2 ** patience.sendings - 1)
  let isClosed = false

  function lineTo(server: RadiusServer): Line {
    const line = lines.get(server) ?? { streams: new Set(), opening: new Set(), turn: 0 }
    lines.set(server, line)
    return line
  }

  async function connected(server: RadiusServer, { streams }: Line): Promise<RadiusStream> {
    const socket = await secured(server, tls)
    const stream = new RadiusStream(socket, { server, log, onEnd: () => void streams.delete(stream) })
    if (isClosed) stream.end()
    else streams.add(stream)
    return stream
  }

  function open(server: RadiusServer, line: Line): Promise<RadiusStream> {
    const opening = connected(server, line).finally(() => line.opening.delete(opening))
    line.opening.add(opening)
    return opening
  }

  return {
    async carry(server, request) {
      const line = lineTo(server)
      const [least] = [...line.streams].sort((a, b) => a.load - b.load)
      const isFull = line.streams.size + line.opening.size >= MOST_CONNECTIONS
      if (least && (least.load === 0 || isFull)) {
        const heard = await least.ask(request, waitMs)
        if (heard !== 'lost') return heard
        // Servers close what is idle, and what was sent into that was not heard: it is sent once more.
      }
      const shared = isFull ? [...line.opening][line.turn++ % line.opening.size] : undefined
      const heard = await (await (shared ?? open(server, line))).ask(request, waitMs)
      return heard === 'lost' ? undefined : heard
    },
    /** On a connection that nobody else uses: see `MOST_CONNECTIONS`. While all are in use, those who wait on them find out. */
    async reach(server, request) {
      const line = lineTo(server)
      const idle = [...line.streams].find(({ load }) => load === 0)
      if (!idle && line.streams.size + line.opening.size >= MOST_CONNECTIONS) return 'met'
      const heard = idle ? await idle.ask(request, REACH_MS) : 'lost'
      if (heard !== 'lost') return heard ? 'answered' : 'silent'
      const met = open(server, line).then(() => 'met' as const)
      return Promise.race([met, after(MEET_MS, 'silent' as const, { ref: false })]).catch(() => 'silent')
    },
    close() {
      isClosed = true
      for (const { streams } of lines.values()) for (const stream of streams) stream.end()
    },
  }
}

/** To one server: what is open, and what is being opened. */
type Line = { streams: Set<RadiusStream>; opening: Set<Promise<RadiusStream>>; turn: number }

/** Throws `directory.untrusted` where the certificate is not of that server, before a byte of a request was written. */
async function secured(server: RadiusServer, { ca, cert, key }: RadiusTls): Promise<TLSSocket> {
  const { host, port } = server
  const servername = isIP(host) === 0 ? host : ''
  const own = { ...(ca && { ca }), ...(cert && key && { cert, key: key.reveal() }) }
  // Said, for Node has a variable of the environment that turns it off.
  const socket = connect({ host, port, servername, minVersion: 'TLSv1.2', rejectUnauthorized: true, ...own })
  socket.on('error', () => {})
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(CONNECT_MS) })
    return socket.setKeepAlive(true, 30_000).setNoDelay(true)
  } catch (error) {
    socket.destroy()
    // Set when the chain or the name was looked at and refused, whatever the reason is called.
    if (!socket.authorizationError) throw error
    throw new AppError('directory.untrusted', { detail: `${nameOf(server)}: ${String(error)}`, cause: error })
  }
}
