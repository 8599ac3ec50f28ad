import { once } from 'node:events'
import { connect as connectTcp, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { SmppConfig } from './smpp-config.ts'
import { SmppFailure } from './smpp-failure.ts'

/** An open connection, with TLS where that is configured. Throws SmppFailure. */
export async function reachCentre({ host, port, tls }: SmppConfig, signal: AbortSignal): Promise<Duplex> {
  const tcp = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }
  // RFC 6066 section 3: a server name is a DNS name, not an address. The address is still compared with the certificate.
  const servername = isIP(host) === 0 ? host : ''
  const socket = tls ? connectTls({ ...tcp, servername, ca: tls.ca, minVersion: 'TLSv1.2' }) : connectTcp(tcp)
  // It may break when nobody looks; without a listener that would end the program.
  socket.on('error', () => {})
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new SmppFailure(signal.aborted ? 'no connection in time' : String(code ?? 'no connection'))
  }
}
