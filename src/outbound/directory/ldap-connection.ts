import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import { Client } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { LdapServer } from './ldap-config.ts'
import { type Guarded, guarded } from './ldap-guard.ts'
import { askForTls } from './ldap-start-tls.ts'

/** Whom we trust (`ca` is PEM), and what we show of ourselves to a server that asks. */
export type TlsTrust = { ca?: string | undefined; identity?: { cert: string; key: Secret } | undefined }

/** `timeoutMs` for each request, `connectMs` for TCP and TLS together. */
export type Trust = TlsTrust & { timeoutMs: number; connectMs: number }

export type Connection = { client: Client } & Omit<Guarded, 'stream'>

/**
 * A client on a connection that is already as safe as it will be.
 *
 * The sockets are opened here and not by ldapts, because its client connects again by itself when a connection is lost,
 * and that one has neither StartTLS nor a bind: a password could follow in clear. This one has its one socket and no other.
 */
export async function connect(server: LdapServer, trust: Trust): Promise<Connection> {
  const deadline = AbortSignal.timeout(trust.connectMs)
  const open = await reach(server, deadline)
  const socket = server.security === 'loopback' ? open : await secure(open, server, trust, deadline)
  return connectionOver(socket, server, trust.timeoutMs)
}

/** Throws `directory.unreachable`. */
export async function reach(server: LdapServer, deadline: AbortSignal): Promise<Socket> {
  // An idle connection is kept alive in the tables of the firewalls between.
  const socket = connectTcp({
    host: server.address ?? server.host,
    port: server.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  })
  socket.on('error', leaveToTheWaiting)
  try {
    await once(socket, 'connect', { signal: deadline })
    return socket
  } catch (error) {
    socket.destroy()
    throw unreachable(server, 'no connection', error)
  }
}

/** TLS over an open socket, by StartTLS where the URL is `ldap://`. Throws `directory.untrusted` or `directory.unreachable`. */
export async function secure(
  socket: Socket,
  server: LdapServer,
  { ca, identity }: TlsTrust,
  deadline: AbortSignal,
): Promise<TLSSocket> {
  const shown = identity && { cert: identity.cert, key: identity.key.reveal() }
  let secured: TLSSocket | undefined
  let shownToUs: PeerCertificate | undefined
  try {
    if (server.security === 'startTls') await askForTls(socket, deadline)
    secured = connectTls({
      socket,
      host: server.host,
      servername: sni(server.host),
      ca,
      ...shown,
      minVersion: 'TLSv1.2',
      // Said, for Node has a variable of the environment that turns it off.
      rejectUnauthorized: true,
    })
    secured.on('error', leaveToTheWaiting)
    // Before Node judges it: afterwards nothing is left to say whose it was.
    secured.prependListener('secure', () => {
      shownToUs = secured?.getPeerCertificate()
    })
    await once(secured, 'secureConnect', { signal: deadline })
    return secured
  } catch (error) {
    secured?.destroy()
    socket.destroy()
    // Set when the chain or the name was looked at and refused, whatever the reason is called.
    if (secured?.authorizationError) {
      throw new AppError('directory.untrusted', {
        detail: `${server.url}: ${reason(error)}${whose(shownToUs)}`,
        cause: error,
      })
    }
    throw unreachable(server, 'no TLS', error)
  }
}

/** For whoever has to find out which certificate that is. Its words are a stranger's, and so are cut. */
function whose(shown: PeerCertificate | undefined): string {
  if (!shown?.valid_to) return ''
  const { subjectaltname = 'no name', issuer, valid_from, valid_to } = shown
  const said = `; it is for ${subjectaltname}, by ${issuer?.CN ?? issuer?.O}, from ${valid_from} to ${valid_to}`
  return said.slice(0, 500).replace(/\p{Cc}/gu, ' ')
}

export function connectionOver(socket: Socket, server: LdapServer, timeoutMs: number): Connection {
  const { stream, ...guard } = guarded(socket)
  const streams = [stream]
  const client = new Client({
    url: server.url.replace(/^ldaps:/, 'ldap:'),
    timeout: timeoutMs,
    createConnection: () => {
      const only = streams.pop()
      if (!only || only.destroyed) throw new Error('the connection was closed')
      // It asks of a socket what any stream has.
      return only as Socket
    },
  })
  return { client, ...guard }
}

/** The server answered: what an operator has named is not there. */
export function missing(server: LdapServer, what: string): AppError {
  return new AppError('directory.missing', {
    detail: `${server.url}: there is no ${what}, or our account may not see it`,
  })
}

export function unreachable(server: LdapServer, what: string, cause: unknown): AppError {
  return new AppError('directory.unreachable', { detail: `${server.url}: ${what}: ${reason(cause)}`, cause })
}

/**
 * A short word for a failure: the code, where there is one (a host with several addresses fails without a message). The
 * code of an error of ours says what kind it is, and only its message what it was and where.
 */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AppError) return error.message
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'not in time'
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : error.message
}

/** RFC 6066 section 3: a server name is a DNS name, not an address. The address is still compared with the certificate. */
function sni(host: string): string {
  return isIP(host) === 0 ? host : ''
}

/** Whoever waits for the socket hears of its error; without a listener it would end the program. */
function leaveToTheWaiting(): void {}
