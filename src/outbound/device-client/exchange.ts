import { Agent, type Dispatcher } from 'undici'
import { AppError } from '../../core/errors.ts'
import { type Trust, trustedConnector } from '../sdk-client/trust.ts'

/** `url`: of the Mobile App Web Service, without a slash at the end. */
export type Service = Trust & { url: string }
export type Got = { status: number; body: string }

/** The longest answer, in bytes; what is asked of one device is far less. */
const MOST_ANSWER = 256 * 1024
const TIMEOUT_MS = 15_000

/** Connections to one service. Throws AppError `engine.unreachable` and `engine.untrusted`. */
export function connectionTo(service: Service) {
  const { origin, pathname } = new URL(service.url)
  // Plain HTTP is on this machine only: `serviceUrl`.
  const agent = new Agent(origin.startsWith('https:') ? { connect: trustedConnector(service) } : {})

  async function open(method: 'GET' | 'POST', path: string, options: Options): Promise<Dispatcher.ResponseData> {
    const { headers = {}, body, signal } = options
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = { origin, path: pathname.replace(/\/$/, '') + path, method, headers: { ...type, ...headers } }
    try {
      return await agent.request({ ...request, body: body ?? null, signal, headersTimeout: TIMEOUT_MS, bodyTimeout: 0 })
    } catch (error) {
      if (error instanceof AppError) throw error
      throw new AppError('engine.unreachable', { detail: origin, cause: error })
    }
  }

  return {
    /** For a stream: whoever asks reads the body. */
    open,
    async exchange(method: 'GET' | 'POST', path: string, options: Omit<Options, 'signal'> = {}): Promise<Got> {
      const answer = await open(method, path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) })
      const parts: Buffer[] = []
      let length = 0
      for await (const part of answer.body) {
        parts.push(part)
        length += part.length
        if (length > MOST_ANSWER) throw new AppError('engine.misunderstood', { detail: 'the answer has no end' })
      }
      return { status: answer.statusCode, body: Buffer.concat(parts).toString('utf8') }
    },
    close: () => agent.destroy(),
  }
}

type Options = { headers?: Record<string, string>; body?: string; signal: AbortSignal }
