import { Agent, type Dispatcher } from 'undici'
import type { Text, TextSender } from '../../../core/delivery/text-sender.ts'
import { AppError } from '../../../core/errors.ts'
import { mask, maskDigits } from './mask.ts'
import { checkTemplate, type FilledRequest, fillTemplate, type HttpTextTemplate, valuesFor } from './template.ts'

export type HttpTextConfig = HttpTextTemplate & {
  /** How the provider is called in the log and in the record of deliveries. Default `http`. */
  name?: string | undefined
  /** The statuses that mean "taken", both ends of a range included. Default: any 2xx. */
  expectStatus?: readonly StatusRange[] | undefined
  /** What the answer must contain to mean "taken". Looked for in its first 64 KiB. */
  expectBody?: RegExp | undefined
  /** For the whole exchange, connecting included. Milliseconds. */
  timeoutMs: number
  /** PEM. Given, it alone is trusted, and not the certificate authorities that Node brings. */
  ca?: string | undefined
}

export type StatusRange = { from: number; to: number }

type HttpAnswer = { status: number; body: string }
type Taken = (answer: HttpAnswer) => boolean

const MOST_READ = 64 * 1024
const MOST_SHOWN = 200
/** Our own limit comes first: it says more of what was waited for. */
const TO_SAY_SO_MS = 500

/**
 * Texts through any provider that takes an HTTP request. Follows no redirect: it would carry code and password to a
 * place that nobody configured. Throws AppError `config.wrong` here; on sending
 * `delivery.unreachable` without an answer, and else `delivery.failed`.
 */
export function httpTextSender(config: HttpTextConfig): TextSender & { close(): Promise<void> } {
  const problems = checkTemplate(config)
  if (problems.length > 0) {
    throw new AppError('config.wrong', { detail: problems.map((p) => `${p.where}: ${p.problem}`).join('; ') })
  }
  const agent = new Agent({
    connections: 32,
    maxHeaderSize: 16 * 1024,
    connect: config.ca === undefined ? {} : { ca: config.ca },
  })
  const taken = takenBy(config)

  return {
    name: config.name ?? 'http',
    sendMs: config.timeoutMs + TO_SAY_SO_MS,
    async send(text, signal) {
      const request = fillTemplate(config, text)
      const timeout = AbortSignal.timeout(config.timeoutMs)
      const answer = await exchange(agent, request, AbortSignal.any([signal, timeout])).catch((error: unknown) => {
        const why = timeout.aborted
          ? `no answer within ${config.timeoutMs} ms`
          : signal.aborted
            ? 'stopped'
            : reason(error)
        // Without the cause: the client's errors can quote headers, and with them a password.
        throw new AppError('delivery.unreachable', { detail: `${request.origin}: ${why}` })
      })
      if (!taken(answer)) throw new AppError('delivery.failed', { detail: report(answer, request, config, text) })
    },
    close: () => agent.destroy(),
  }
}

function takenBy({ expectStatus = [{ from: 200, to: 299 }], expectBody }: HttpTextConfig): Taken {
  // A g or y flag makes an expression remember where it was.
  const expected = expectBody && new RegExp(expectBody.source, expectBody.flags.replace(/[gy]/g, ''))
  return ({ status, body }) => {
    const statusFits = expectStatus.some(({ from, to }) => status >= from && status <= to)
    return statusFits && (expected === undefined || expected.test(body))
  }
}

async function exchange(agent: Dispatcher, request: FilledRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { origin, path, method, headers, body } = request
  const answer = await agent.request({
    origin,
    path,
    method,
    headers,
    body: body ?? null,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const parts: Buffer[] = []
  let length = 0
  // Leaving the loop early closes the connection: whatever else is coming is not wanted.
  for await (const part of answer.body) {
    parts.push(part)
    length += part.length
    if (length >= MOST_READ) break
  }
  return { status: answer.statusCode, body: Buffer.concat(parts).subarray(0, MOST_READ).toString('utf8') }
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` and the like; never the message. */
function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no answer that can be read'
}

function report({ status, body }: HttpAnswer, request: FilledRequest, config: HttpTextConfig, text: Text): string {
  const codes = [...text.body.matchAll(/\d(?:[ \u00a0-]?\d){3,}/g)].map(([digits]) => digits.replace(/\D/g, ''))
  const shown = maskDigits(mask(body, secretsIn(request, config, text)), codes)
  const line = shown.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return `${request.origin} answered ${status}: ${JSON.stringify(line.slice(0, MOST_SHOWN))}`
}

/** What an answer may quote and a log must not hold: the values, and what stands literally in headers and query. */
function secretsIn({ headers, path }: FilledRequest, config: HttpTextConfig, text: Text): string[] {
  const { password, text: body, to, to_digits } = valuesFor(config, text)
  const query = [...new URLSearchParams(path.split('?')[1] ?? '').values()]
  const literal = [...Object.values(headers).flatMap((value) => [value, ...value.split(' ')]), ...query].filter(
    (value) => value.length >= 8,
  )
  return [password, body, to, to_digits, ...literal]
}
