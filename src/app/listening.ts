import type { Hono } from 'hono'
import { AppError } from '../core/errors.ts'
import { type Listener, listen, type TlsFiles } from '../inbound/web/listen.ts'

type Place = { app: Hono; host: string; port: number; tls?: TlsFiles | undefined }

/** Listens, or says in the operator's words why not. */
export async function listening({ app, host, port, tls }: Place): Promise<Listener> {
  try {
    return await listen({ app, host, port, tls })
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? ''
    const detail = `${host}:${port}`
    if (code === 'EADDRINUSE') throw new AppError('port.taken', { detail, cause })
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new AppError('port.refused', { detail, cause })
    if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS')) throw new AppError('tls.wrong', { detail, cause })
    throw cause
  }
}
