import type { Config } from '../config/config.ts'
import type { WebPushConfig } from '../outbound/delivery/push/web-push.ts'

const TIMEOUT_MS = 10_000

/** Where a push service may turn to is public anyway: the portal, unless something else was given. */
export function pushConfig({ push, portal }: Pick<Config, 'push' | 'portal'>): WebPushConfig {
  const { hosts: more, loopback } = push
  const site = portal.origin?.startsWith('https:') ? portal.origin : 'mailto:postmaster@localhost'
  return { more, loopback, contact: push.contact ?? site, timeoutMs: TIMEOUT_MS }
}
