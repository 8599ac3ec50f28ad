import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export type Listener = {
  /** "https://127.0.0.1:8443" */
  url: string
  port: number
  /** Takes no new requests, lets running ones end for up to a second, then closes what is left (keep-alive, event streams). */
  close(): Promise<void>
}

/** PEM texts. */
export type TlsFiles = { cert: string; key: string }

type Options = { app: Hono; host: string; port: number; tls?: TlsFiles | undefined }

const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16 * 1024,
}

/** Port 0 takes a free one. Rejects with Node's error: `code` is EADDRINUSE, EACCES, EADDRNOTAVAIL, or OpenSSL's for bad PEM. */
export async function listen({ app, host, port, tls }: Options): Promise<Listener> {
  // It puts its own Request and Response in place of the global ones: answers of theirs cost half of what Node's cost.
  const handle = getRequestListener(app.fetch)
  const answer: typeof handle = (incoming, outgoing) => handle(incoming, outgoing)
  const server = tls
    ? createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' }, answer)
    : createServer(limits, answer)
  // Slow and many are both bounded: a person's browser needs far fewer.
  server.maxRequestsPerSocket = 1000

  const sockets = socketsOf(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

  const { port: taken } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `${tls ? 'https' : 'http'}://${name}:${taken}`,
    port: taken,
    close: () => closeWithin(server, sockets, 1000),
  }
}

function socketsOf(server: Server): Set<Socket> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return open
}

function closeWithin(server: Server, sockets: ReadonlySet<Socket>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, milliseconds)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
}
