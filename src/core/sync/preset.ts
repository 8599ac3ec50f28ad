import type { ItemRules } from '../../contract/operate-sync.ts'
import type { FirstMethod } from '../../contract/shapes.ts'
import { isModed, type ModedMethod, type Modes, modes as modesOf } from '../policy/modes.ts'

/** What an item says of the second step of somebody who has none yet: what it is to be, and how it is answered. */
export type Preset = { method: FirstMethod | undefined; modes: Partial<Modes> }

const methods = Object.keys(modesOf) as ModedMethod[]

export function presetOf({ method, modes }: Pick<ItemRules, 'method' | 'modes'>): Preset {
  return { method, modes: pick((each) => modes[each]) }
}

export function isSamePreset(one: Preset, other: Preset): boolean {
  return one.method === other.method && methods.every((each) => one.modes[each] === other.modes[each])
}

/** A person's modes once another preset holds. What an operator has set since the one before stays. */
export function modesAfter(own: Partial<Modes>, was: Preset, now: Preset): Partial<Modes> {
  return pick((each) => (own[each] === was.modes[each] ? now.modes[each] : own[each]))
}

/** Asked by it from the first sign-in on, or to set it up there; by the mode of the item, where it names one. */
export type Beginning = { how: 'asked' | 'sets up'; method: FirstMethod; mode?: string | undefined }

/** Undefined: they choose in User Setup. */
export function beginningOf(enrols: FirstMethod | undefined, { method: preset, modes }: Preset): Beginning | undefined {
  const method = enrols ?? preset
  if (method === undefined) return undefined
  return { how: enrols ? 'asked' : 'sets up', method, mode: isModed(method) ? modes[method] : undefined }
}

/** "asked by text (one-way-pin)", "sets up app". */
export function saidOf({ how, method, mode }: Beginning): string {
  return `${how === 'asked' ? 'asked by' : 'sets up'} ${method}${mode === undefined ? '' : ` (${mode})`}`
}

function pick(modeFor: (method: ModedMethod) => Modes[ModedMethod] | undefined): Partial<Modes> {
  const set = methods.flatMap((method) => {
    const mode = modeFor(method)
    return mode === undefined ? [] : [[method, mode]]
  })
  return Object.fromEntries(set)
}
