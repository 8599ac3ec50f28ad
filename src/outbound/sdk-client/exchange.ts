import type { Dispatcher } from 'undici'
import { AppError } from '../../core/errors.ts'
import { codeOf } from './trust.ts'

export type Exchanged = { status: number; body: string; requestId: string | undefined }
export type Exchange = (headers: Record<string, string>, body: string) => Promise<Exchanged>

type Manner = {
  path: string
  /** For the whole, connecting and waiting for a connection included. */
  timeoutMs: number
  /** Asking twice changes no more than asking once. */
  mayRepeat: boolean
  /** The longest answer, in bytes. */
  most: number
}

/**
 * POSTs and reads the answer. Follows no redirect: it would carry a password to a place that nobody configured. Throws
 * AppError `engine.unreachable`, `engine.misunderstood` for an endless answer, and what the connector throws.
 */
export function exchangeOver(pool: Dispatcher, { path, timeoutMs, mayRepeat, most }: Manner): Exchange {
  return async (headers, body) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const ask = () => pool.request({ path, method: 'POST', headers, body, signal })
    try {
      // A connection that is closed without an answer is what an engine that was started anew leaves behind.
      const response = await ask().catch((error: unknown) => {
        if (mayRepeat && wasCut(error)) return ask()
        throw error
      })
      const requestId = response.headers['request-id']?.toString().slice(0, 100)
      return { status: response.statusCode, body: await readAtMost(response.body, most), requestId }
    } catch (error) {
      if (error instanceof AppError) throw error
      // Without the cause: the client's errors can quote headers, and with them a password.
      const detail = signal.aborted ? `no answer within ${timeoutMs} ms` : codeOf(error)
      throw new AppError('engine.unreachable', { detail })
    }
  }
}

function wasCut(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error))
}

async function readAtMost(stream: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    parts.push(part)
    length += part.length
    // Leaving the loop closes the connection: whatever else is coming is not wanted.
    if (length > most) throw new AppError('engine.misunderstood', { detail: `an answer of more than ${most} bytes` })
  }
  return Buffer.concat(parts).toString('utf8')
}
