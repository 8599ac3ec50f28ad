import type { FirstMethod, Method } from '../../contract/shapes.ts'
import type { Settings } from '../settings/settings.ts'

/** What a person has, that could serve as a second step. */
export type Holdings = {
  method: FirstMethod | undefined
  phone: boolean
  token: boolean
  passkeys?: boolean
  app?: boolean
}

/** What a person has put by for the day on which none of that is at hand. Nobody's second step rests on it. */
export type Reserves = { questions: number; recoveryCodes: number }

function held({ phone, token, passkeys = false, app = false }: Holdings): Record<FirstMethod, boolean> {
  return { text: phone, call: phone, app, oath: token, passkey: passkeys }
}

function putBy(
  { questions, recoveryCodes }: Reserves,
  settings: Settings,
): Record<Exclude<Method, FirstMethod>, boolean> {
  return { questions: questions >= settings['portal.questions_needed'], recovery: recoveryCodes > 0 }
}

/**
 * Why something is asked, or taken as an answer; the audit keeps it. `own-method`: what the person chose. `wanted`:
 * another way that is as good, at the person's wish. `fallback:…`: a weaker way that a setting opens beside the chosen
 * one. `own-method-gone`: the chosen one is not on the account any more, and this is the first of what is. `only-way-left`:
 * so, and there is nothing else.
 */
export type Reason = 'own-method' | 'wanted' | `fallback:${Method}` | 'own-method-gone' | 'only-way-left'

/**
 * Why a person with this method of their own may answer by that one; undefined where they may not. Whether there is
 * something to answer, the method itself says.
 *
 * A passkey is the strongest there is. All else beside the chosen method has a setting of its own, since whoever attacks an
 * account takes its weakest door: who chose the app is not let in by a text because there happens to be a phone.
 */
export function reasonToTake(own: FirstMethod | undefined, method: Method, settings: Settings): Reason | undefined {
  if (method === own) return 'own-method'
  if (method === 'passkey') return 'wanted'
  if (method === 'oath' && settings['portal.oath_fallback']) return 'fallback:oath'
  if (method === 'questions' && settings['portal.questions_fallback']) return 'fallback:questions'
  if (method === 'recovery' && settings['portal.recovery_codes']) return 'fallback:recovery'
  return undefined
}

/** The ways in which a person may give the second step, the one asked first in front and the rest from strong to weak. */
function waysOf(holdings: Holdings & Reserves, settings: Settings): Method[] {
  const { method: own } = holdings
  const has: Record<Method, boolean> = { ...held(holdings), ...putBy(holdings, settings) }
  const all: readonly Method[] = [...strongestFirst, ...lastResorts]
  const order = own ? [own, ...all.filter((method) => method !== own)] : all
  return order.filter((method) => has[method] && reasonToTake(own, method, settings) !== undefined)
}

/** What is asked, in which other ways the person may answer, and why it is this. */
export type Decision = { method: Method; ways: Method[]; reason: Reason }

/** What to ask a person who wishes for `wanted`, or for nothing in particular. Undefined: there is no way left. */
export function decide(holdings: Holdings & Reserves, settings: Settings, wanted?: Method): Decision | undefined {
  const ways = waysOf(holdings, settings)
  const granted = ways.find((way) => way === wanted)
  const method = granted ?? ways[0]
  const why = method && reasonToTake(holdings.method, method, settings)
  if (!why) return undefined
  if (granted || why === 'own-method') return { method, ways, reason: why }
  return { method, ways, reason: ways.length > 1 ? 'own-method-gone' : 'only-way-left' }
}

/** What a person may choose as the method asked first: what the settings allow and the person has. */
export function choosable(holdings: Holdings, settings: Settings): FirstMethod[] {
  const has = held(holdings)
  return settings['portal.methods'].filter((method) => has[method])
}

/**
 * What User Setup offers, the first of it in front: all that the settings allow, or one where people may not choose. What an
 * import has set for a person goes before the settings' order, and not beyond what they allow.
 */
export function offered(settings: Settings, { preset }: { preset: FirstMethod | undefined }): FirstMethod[] {
  const switches: Partial<Record<FirstMethod, boolean>> = {
    oath: settings['portal.allow_token'],
    app: settings['portal.allow_app'],
  }
  const allowed = settings['portal.methods'].filter((method) => switches[method] !== false)
  const methods = [...allowed.filter((method) => method === preset), ...allowed.filter((method) => method !== preset)]
  return settings['portal.allow_method'] ? methods : methods.slice(0, 1)
}

/**
 * What is asked first once `lost` is gone from the account: what was before, if it stays; else the strongest that is left and
 * that the settings let people choose. Undefined where it would leave the person without any way in: what is put by for
 * emergencies is used up by them, and is none.
 */
export function methodWithout(lost: FirstMethod, holdings: Holdings, settings: Settings): FirstMethod | undefined {
  const left = { ...holdings, ...without[lost] }
  const has = held(left)
  const next = strongestFirst.find((method) => has[method] && settings['portal.methods'].includes(method))
  const method = holdings.method === lost ? next : holdings.method
  const [first] = waysOf({ ...left, method, ...nothingPutBy }, settings)
  return strongestFirst.find((way) => way === first)
}

const without: Record<FirstMethod, Partial<Holdings>> = {
  text: { phone: false },
  call: { phone: false },
  app: { app: false },
  oath: { token: false },
  passkey: { passkeys: false },
}
const lastResorts = ['questions', 'recovery'] as const
const nothingPutBy: Reserves = { questions: 0, recoveryCodes: 0 }
const strongestFirst: readonly FirstMethod[] = ['passkey', 'app', 'oath', 'text', 'call']
