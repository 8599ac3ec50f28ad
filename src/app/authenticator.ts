import type { Hono } from 'hono'
import { authenticatorSite } from '../inbound/authenticator/authenticator.ts'
import type { Site } from '../inbound/web/routes.ts'
import { mountSite } from '../inbound/web/site.ts'

/** Below the origin of the Mobile App Web Service; a slash follows. */
export const AUTHENTICATOR = '/authenticator'

type Around = Omit<Site<string>, 'base' | 'routes' | 'look' | 'admit' | 'now'>
type Needs = Parameters<typeof authenticatorSite>[0] & { around: Around }

/** Puts the mobile app on an app: files for anyone, beside the service that it speaks to. */
export function mountAuthenticator(app: Hono, { around, ...needs }: Needs): void {
  mountSite(app, { base: AUTHENTICATOR, ...authenticatorSite(needs), ...around, now: needs.now })
}
