import { Pool } from 'undici'
import { z } from 'zod'
import type { Call } from '../../contract/caller.ts'
import { type Answer, type Api, contract, type GateRefusal, type Name, perOperation } from '../../contract/contract.ts'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import { sdkJson } from '../../protocols/sdk-json.ts'
import { type Exchanged, exchangeOver } from './exchange.ts'
import { type Trust, trustedConnector } from './trust.ts'

export type RemoteConfig = Trust & {
  /** Where the SDK is, `https:`. The `PfWsSdk.asmx` that configurations of MFA Server end with is left off. */
  url: string
  /** The service account, and its password. */
  username: string
  password: Secret
  /** For a whole exchange, connecting included; default 15,000. Operations that wait for something get 25,000 more. */
  timeoutMs?: number | undefined
}

/** The contract's longest `seconds`. */
const LONGEST_WAIT_MS = 25_000
const TIMEOUT_MS = 15_000

/**
 * The engine of another machine, over its Web Service SDK. What comes back is parsed too: the other side may be older,
 * newer or not ours. Throws AppError `config.wrong` here, and on a call `engine.unreachable`, `engine.untrusted`,
 * `engine.refused` and `engine.misunderstood`.
 */
export function remoteApi(config: RemoteConfig): Api & { close(): Promise<void> } {
  const base = baseOf(config)
  // Waiting has connections of its own, so that many waiting pages do not hold up those who act.
  const acting = poolTo(base.origin, config, 64)
  const waiting = poolTo(base.origin, config, 2_000)
  const timeoutMs = config.timeoutMs ?? TIMEOUT_MS

  const operation = (name: Name) => {
    const answer = answerOf(name)
    const waits = name.startsWith('await')
    const exchange = exchangeOver(waits ? waiting : acting, {
      path: `${base.pathname}v1/${name}`,
      timeoutMs: waits ? timeoutMs + LONGEST_WAIT_MS : timeoutMs,
      mayRepeat: /^(read|list|await)[A-Z]/.test(name),
      most: sdkJson.mostAnswer,
    })
    return async (call: Call, input: unknown): Promise<Answer<Name>> =>
      understood(name, answer, await exchange(headersOf(config, call), JSON.stringify(input) ?? 'null'))
  }

  return {
    ...(perOperation(operation) as unknown as Api),
    async close() {
      await Promise.all([acting.destroy(), waiting.destroy()])
    },
  }
}

function baseOf({ url: text, username }: RemoteConfig): URL {
  const url = URL.parse(text.replace(/(PfWsSdk\.asmx)?\/*$/i, '').replace(/\/*$/, '/'))
  if (url?.protocol !== 'https:') throw new AppError('config.wrong', { detail: 'the SDK is reached over https only' })
  if (username.includes(':'))
    throw new AppError('config.wrong', { detail: 'a service account has no colon in its name' })
  return url
}

function poolTo(origin: string, trust: Trust, connections: number): Pool {
  return new Pool(origin, {
    connections,
    connect: trustedConnector(trust),
    // Well below what the server keeps a connection for: a call is not sent into one that is just being closed.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 4_000,
    // The time for the whole is what counts.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

function headersOf({ username, password }: RemoteConfig, call: Call): Record<string, string> {
  const { session, address, agent, language, device } = sdkJson.headers
  const person = {
    [session]: call.session,
    [address]: call.address,
    [agent]: call.userAgent?.slice(0, 300),
    [language]: call.language,
  }
  return {
    authorization: `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`,
    'content-type': 'application/json',
    ...(call.device && { [device]: Buffer.from(JSON.stringify(call.device)).toString('base64url') }),
    ...Object.fromEntries(Object.entries(person).flatMap(([name, text]) => (text ? [[name, fieldValue(text)]] : []))),
  }
}

/** RFC 9110 section 5.5. Whatever cannot stand in a header was no token, address or language of anybody. */
function fieldValue(text: string): string {
  return text.slice(0, 1_000).replace(/[^\x20-\x7e\xa0-\xff]/g, '?')
}

/** The answer that a row of the contract allows. */
function answerOf(name: Name) {
  const { output, refusals } = contract[name]
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value: output }),
    z.object({ ok: z.literal(false), refusal: z.enum([...gateRefusals, ...refusals]) }),
  ])
}

const gateRefusals: readonly GateRefusal[] = ['caller.refused', 'input.malformed', 'proof.stale']

function understood(name: Name, answer: ReturnType<typeof answerOf>, { status, body, requestId }: Exchanged) {
  if (status >= 500) {
    throw new AppError('engine.unreachable', { detail: `${name} answered ${status}, its request ${requestId ?? '?'}` })
  }
  const parsed = answer.safeParse(jsonOf(body))
  if (parsed.success) return parsed.data as Answer<Name>
  if (status === 401) throw new AppError('engine.refused')
  // Where it differs, and never what it said: an answer can hold a token.
  const where = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole').slice(0, 5)
  throw new AppError('engine.misunderstood', { detail: `${name} answered ${status}, differing at ${where.join(', ')}` })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
