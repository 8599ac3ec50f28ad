import type { Method } from '../../contract/shapes.ts'
import type { Settings } from '../settings/settings.ts'

/** What a person has, that could serve as a second step. */
export type Holdings = { method: Method | undefined; phone: boolean; token: boolean }

/**
 * The ways in which a person may give the second step, the one asked first in front. Falling back only ever leads to the
 * OATH token: who chose the token is not let in by a text, since that would be the weaker door beside the stronger one.
 */
export function waysOf({ method, phone, token }: Holdings, settings: Settings): Method[] {
  const has = { text: phone, oath: token }
  const ways: Method[] = method && has[method] ? [method] : []
  if (token && settings['portal.oath_fallback'] && !ways.includes('oath')) ways.push('oath')
  return ways
}

/** Whether a person may answer by this method at all; whether there is something to answer, the method itself says. */
export function mayAnswer(own: Method | undefined, method: Method, settings: Settings): boolean {
  return own === method || (method === 'oath' && settings['portal.oath_fallback'])
}

/** What a person may choose as the method asked first: what the settings allow and the person has. */
export function choosable({ phone, token }: Holdings, settings: Settings): Method[] {
  const has = { text: phone, oath: token }
  return settings['portal.methods'].filter((method) => has[method])
}

/** What User Setup offers: all that the settings allow, or the first of it where people may not choose. */
export function offered(settings: Settings): Method[] {
  const methods = settings['portal.methods'].filter((method) => method !== 'oath' || settings['portal.allow_token'])
  return settings['portal.allow_method'] ? methods : methods.slice(0, 1)
}
