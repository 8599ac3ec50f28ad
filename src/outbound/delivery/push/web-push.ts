import { Agent, type Dispatcher } from 'undici'
import webPush from 'web-push'
import { AppError } from '../../../core/errors.ts'
import type { Push, PushService } from '../../../core/methods/app/push.ts'
import { devicePublicKey } from '../../../protocols/device-signature.ts'
import { isPushAddress, type PushHosts } from './push-hosts.ts'

export type WebPushConfig = PushHosts & {
  /** Whom a push service may write to about us (RFC 8292 section 2.1): "mailto:…" or "https://…". */
  contact: string
  /** For the whole exchange, connecting included. */
  timeoutMs: number
}

/** Our own limit comes first: it says more of what was waited for. */
const TO_SAY_SO_MS = 500

/**
 * Web Push to the services that browsers use. Follows no redirect, and reads nothing of an answer but its status: both sides of
 * an address may be somebody's who means us ill.
 */
export function webPushService(config: WebPushConfig): PushService & { close(): Promise<void> } {
  const agent = new Agent({ connections: 16, maxHeaderSize: 16 * 1024 })
  return {
    sendMs: config.timeoutMs + TO_SAY_SO_MS,
    accepts: ({ endpoint, keys }) =>
      isPushAddress(endpoint, config) &&
      devicePublicKey(keys.p256dh) !== undefined &&
      Buffer.from(keys.auth, 'base64url').length === 16,
    async send(push, signal) {
      const { endpoint } = push.subscription
      // Asked again: what is allowed may have changed since the device brought it.
      if (!isPushAddress(endpoint, config)) return 'gone'
      const status = await post(agent, config, push, signal)
      if (status >= 200 && status < 300) return 'taken'
      // RFC 8030 section 7.3: a subscription that has ended is 404, or 410.
      if (status === 404 || status === 410) return 'gone'
      const detail = `${new URL(endpoint).origin} answered ${status}`
      throw new AppError(status === 429 || status >= 500 ? 'delivery.failed' : 'delivery.refused', { detail })
    },
    close: () => agent.destroy(),
  }
}

async function post(
  agent: Dispatcher,
  { contact, timeoutMs }: WebPushConfig,
  push: Push,
  signal: AbortSignal,
): Promise<number> {
  const { endpoint, headers, body } = sealed(push, contact)
  const { origin, pathname, search } = new URL(endpoint)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await agent.request({
      ...{ origin, path: pathname + search, method: 'POST', headers, body },
      signal: AbortSignal.any([signal, timeout]),
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    await answer.body.dump({ limit: 64 * 1024 }).catch(() => {})
    return answer.statusCode
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
    const why = timeout.aborted ? `no answer within ${timeoutMs} ms` : signal.aborted ? 'stopped' : code
    throw new AppError('delivery.unreachable', { detail: `${origin}: ${why}` })
  }
}

/** Encrypted for the device alone (RFC 8291), and signed by us for this push service (RFC 8292). */
function sealed({ subscription, body, keys, seconds, topic }: Push, contact: string) {
  const { privateKey, publicKey } = keys
  const details = webPush.generateRequestDetails(subscription, body, {
    vapidDetails: { subject: contact, publicKey, privateKey },
    TTL: seconds,
    urgency: 'high',
    topic,
  })
  const headers = Object.entries(details.headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  return { endpoint: details.endpoint, headers: Object.fromEntries(headers), body: details.body }
}
