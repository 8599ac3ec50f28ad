import { createSecureContext, getCACertificates, TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { AppError } from '../../core/errors.ts'

/** `ca` is PEM and, given, alone trusted. `fingerprint`, the SHA-256 as `AA:BB:…`, alone decides: name and dates do not count. */
export type Trust = { ca?: string | undefined; fingerprint?: string | undefined }

const CONNECT_MS = 5_000

/**
 * Connects over TLS to the one server that is meant. Throws AppError `engine.untrusted` before a byte of a request, and
 * with it a password, has been written; what the network does wrong stays as it is.
 */
export function trustedConnector({ ca, fingerprint }: Trust): buildConnector.connector {
  const roots = () => ca ?? [...getCACertificates('default'), ...getCACertificates('system')]
  const connect = buildConnector({
    // Made once: parsing all the roots takes longer than a handshake.
    secureContext: createSecureContext({ minVersion: 'TLSv1.2', ...(fingerprint === undefined && { ca: roots() }) }),
    rejectUnauthorized: fingerprint === undefined,
    allowH2: false,
    // A resumed session shows no certificate to compare.
    maxCachedSessions: 0,
    timeout: CONNECT_MS,
  })
  return (options, done) =>
    connect(options, (error, socket) => {
      if (error) return done(isOfNetwork(error) ? error : untrusted(codeOf(error)), null)
      const problem = fingerprint === undefined ? undefined : mismatch(socket, fingerprint)
      if (problem === undefined) return done(null, socket)
      socket.destroy()
      done(untrusted(problem), null)
    })
}

function mismatch(socket: unknown, fingerprint: string): string | undefined {
  const found = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.fingerprint256 : undefined
  return found === fingerprint.toUpperCase() ? undefined : `its fingerprint is ${found ?? 'not known'}`
}

function untrusted(detail: string): AppError {
  return new AppError('engine.untrusted', { detail })
}

/** System errors (`ECONNREFUSED`, `EAI_AGAIN`) and undici's own. EPROTO is OpenSSL's word for what is no TLS at all. */
function isOfNetwork(error: unknown): boolean {
  const code = codeOf(error)
  return code !== 'EPROTO' && /^(E[A-Z0-9]+|EAI_[A-Z]+|UND_ERR_[A-Z_]+)$/.test(code)
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` and the like; never the message, which can quote headers. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no code'
}
