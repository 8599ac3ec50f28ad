import type { Method } from '../../contract/shapes.ts'
import type { Settings } from '../settings/settings.ts'

/** What a person has, that could serve as a second step. */
export type Holdings = { method: Method | undefined; phone: boolean; token: boolean; passkeys?: boolean }

function held({ phone, token, passkeys = false }: Holdings): Record<Method, boolean> {
  return { text: phone, call: phone, oath: token, passkey: passkeys }
}

/**
 * The ways in which a person may give the second step, the one asked first in front. Falling back leads to a passkey, which
 * is the strongest, or to the OATH token: who chose one of them is not let in by a text, since that would be the weaker door
 * beside the stronger one.
 */
export function waysOf(holdings: Holdings, settings: Settings): Method[] {
  const { method, token } = holdings
  const has = held(holdings)
  const ways: Method[] = method && has[method] ? [method] : []
  if (has.passkey && !ways.includes('passkey')) ways.push('passkey')
  if (token && settings['portal.oath_fallback'] && !ways.includes('oath')) ways.push('oath')
  return ways
}

/** Whether a person may answer by this method at all; whether there is something to answer, the method itself says. */
export function mayAnswer(own: Method | undefined, method: Method, settings: Settings): boolean {
  return own === method || method === 'passkey' || (method === 'oath' && settings['portal.oath_fallback'])
}

/** What a person may choose as the method asked first: what the settings allow and the person has. */
export function choosable(holdings: Holdings, settings: Settings): Method[] {
  const has = held(holdings)
  return settings['portal.methods'].filter((method) => has[method])
}

/** What User Setup offers: all that the settings allow, or the first of it where people may not choose. */
export function offered(settings: Settings): Method[] {
  const methods = settings['portal.methods'].filter((method) => method !== 'oath' || settings['portal.allow_token'])
  return settings['portal.allow_method'] ? methods : methods.slice(0, 1)
}

/**
 * What is asked first once `lost` is gone from the account: what was before, if it stays; else the strongest that is left and
 * that the settings let people choose. Undefined where it would leave the person without any way in.
 */
export function methodWithout(lost: Method, holdings: Holdings, settings: Settings): Method | undefined {
  const left = { ...holdings, ...without[lost] }
  const has = held(left)
  const next = strongestFirst.find((method) => has[method] && settings['portal.methods'].includes(method))
  const method = holdings.method === lost ? next : holdings.method
  return waysOf({ ...left, method }, settings)[0]
}

const without: Record<Method, Partial<Holdings>> = {
  text: { phone: false },
  call: { phone: false },
  oath: { token: false },
  passkey: { passkeys: false },
}
const strongestFirst: readonly Method[] = ['passkey', 'oath', 'text', 'call']
