import { Agent, type Dispatcher } from 'undici'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import { mask, maskDigits } from './sms/mask.ts'

/** An account at Twilio, or at a provider that speaks its language. */
export type TwilioAccount = {
  /** Where the REST API is, without `/2010-04-01`. Default `https://api.twilio.com`. */
  baseUrl?: string | undefined
  accountSid: string
  /** What signs callbacks and, without an API key, our requests. */
  authToken: Secret
  /** Signs our requests in place of the token (RFC 7617: name and password). */
  apiKey?: { sid: string; secret: Secret } | undefined
  /** For the whole exchange, connecting included. Milliseconds. */
  timeoutMs: number
  /** PEM. Given, it alone is trusted, and not the certificate authorities that Node brings. */
  ca?: string | undefined
}

export type TwilioRest = {
  /** How long one `post` may take, and a little more. Milliseconds. */
  readonly postMs: number
  /** POST below the account (`Calls.json`). Throws AppError `delivery.unreachable` when there is no answer. */
  post(path: string, fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<TwilioAnswer>
  close(): Promise<void>
}

/** The resource's `sid`, or why there is none, with Twilio's number for it. https://www.twilio.com/docs/api/errors */
export type TwilioAnswer = { sid: string } | { refused: AppError; code: number | undefined }

type Answer = { status: number; body: string }

const MOST_READ = 64 * 1024
const MOST_SHOWN = 200
/** Our own limit comes first: it says more of what was waited for. */
const TO_SAY_SO_MS = 500
const DEFAULT_BASE_URL = 'https://api.twilio.com'
/** Twilio's are two letters and 32 hexadecimal digits; others have UUIDs and the like. */
const sidShape = /^[\w.:-]{1,100}$/

/** Follows no redirect: it would carry token, number and code to a place that nobody configured. Throws `config.wrong`. */
export function twilioRest(account: TwilioAccount): TwilioRest {
  const { baseUrl = DEFAULT_BASE_URL, accountSid, timeoutMs, ca } = account
  const base = URL.parse(baseUrl)
  if (!base || !/^https?:$/.test(base.protocol) || base.search !== '' || base.hash !== '' || base.username !== '')
    throw new AppError('config.wrong', { detail: 'the base URL of the Twilio API is no plain address' })
  if (!sidShape.test(accountSid)) throw new AppError('config.wrong', { detail: 'the account SID is none' })
  const root = `${base.pathname.replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}`
  const agent = new Agent({ connections: 32, maxHeaderSize: 16 * 1024, connect: ca === undefined ? {} : { ca } })
  const headers = {
    authorization: basic(account),
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }

  return {
    postMs: timeoutMs + TO_SAY_SO_MS,
    async post(path, fields, signal) {
      const body = new URLSearchParams(fields).toString()
      const request = { origin: base.origin, path: `${root}/${path}`, method: 'POST', headers, body } as const
      const timeout = AbortSignal.timeout(timeoutMs)
      const answer = await exchange(agent, request, AbortSignal.any([signal, timeout])).catch((error: unknown) => {
        const why = timeout.aborted ? `no answer within ${timeoutMs} ms` : signal.aborted ? 'stopped' : reason(error)
        // Without the cause: the client's errors can quote headers, and with them the token.
        throw new AppError('delivery.unreachable', { detail: `${base.origin}: ${why}` })
      })
      const sid = taken(answer)
      if (sid !== undefined) return { sid }
      const detail = `${base.origin}: ${report(answer, account, fields)}`
      return { refused: new AppError('delivery.failed', { detail }), code: errorCode(answer) }
    },
    close: () => agent.destroy(),
  }
}

function basic({ accountSid, authToken, apiKey }: TwilioAccount): string {
  const pair = apiKey ? `${apiKey.sid}:${apiKey.secret.reveal()}` : `${accountSid}:${authToken.reveal()}`
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
}

async function exchange(
  agent: Dispatcher,
  request: Omit<Dispatcher.RequestOptions, 'signal'>,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await agent.request({ ...request, signal, headersTimeout: 0, bodyTimeout: 0 })
  const chunks: Buffer[] = []
  let length = 0
  // Leaving the loop early closes the connection: whatever else is coming is not wanted.
  for await (const chunk of answer.body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= MOST_READ) break
  }
  return { status: answer.statusCode, body: Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8') }
}

/** The sid of what was made or changed; undefined when it was refused, or the answer cannot be understood. */
function taken({ status, body }: Answer): string | undefined {
  const { sid } = status >= 200 && status <= 299 ? parsed(body) : {}
  return typeof sid === 'string' && sidShape.test(sid) ? sid : undefined
}

function errorCode({ body }: Answer): number | undefined {
  const { code } = parsed(body)
  return typeof code === 'number' ? code : undefined
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Status, Twilio's error code, and their sentence without what we sent: it likes to quote the number. */
function report({ status, body }: Answer, account: TwilioAccount, fields: Readonly<Record<string, string>>): string {
  const { message } = parsed(body)
  const code = errorCode({ status, body })
  const { authToken, apiKey } = account
  const values = Object.values(fields).flatMap((value) => [value, value.replace(/\D/g, '')])
  // Whoever quotes our request may quote its header.
  const own = [basic(account).slice('Basic '.length), authToken.reveal(), apiKey?.secret.reveal() ?? '']
  const secrets = [...own, ...values].filter(({ length }) => length > 3)
  const codes = [...(fields.Body ?? '').matchAll(/\d(?:[ \u00a0-]?\d){3,}/g)].map(([digits]) =>
    digits.replace(/\D/g, ''),
  )
  const shown = maskDigits(mask(typeof message === 'string' ? message : body, secrets), codes)
  const line = shown.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  const number = code === undefined ? '' : ` with error ${code}`
  return `answered ${status}${number}: ${JSON.stringify(line.slice(0, MOST_SHOWN))}`
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` and the like; never the message. */
function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'no answer that can be read'
}
