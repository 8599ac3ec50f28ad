import type { Given } from './environment.ts'
import type { Kind, Parsed } from './kind.ts'
import type { Mistake } from './mistake.ts'
import { type OptionPath, optionAt, optionPaths, type Values } from './options.ts'

/** One option as it stands, for people: `value` is never a secret. */
export type Effective = { path: OptionPath; value: string; from: string }

export type Checked = {
  values: Values
  mistakes: Mistake[]
  /** Options whose value could not be understood: what depends on them is not judged. */
  wrong: ReadonlySet<OptionPath>
  effective: Effective[]
}

/** Gives each option its value: what was written, or its default. */
export function checkOptions(given: ReadonlyMap<OptionPath, Given>, wrongAlready: ReadonlySet<OptionPath>): Checked {
  const values: Partial<Record<OptionPath, unknown>> = {}
  const mistakes: Mistake[] = []
  const wrong = new Set<OptionPath>(wrongAlready)
  const effective: Effective[] = []

  for (const path of optionPaths) {
    const { kind, default: fallback } = optionAt(path)
    const written = given.get(path) ?? (fallback === undefined ? undefined : byDefault(fallback))
    if (!written) continue
    const parsed = parseRaw(kind, written)
    if (parsed.ok) {
      values[path] = parsed.value
      effective.push({ path, value: shown(path, written) ?? hidden(path), from: written.where })
    } else {
      wrong.add(path)
      mistakes.push({
        where: written.where,
        path,
        value: shown(path, written),
        problem: parsed.problem,
        remedy: `Write ${kind.says}.`,
      })
    }
  }
  // The table gives each path the type of its kind, and that kind has parsed it.
  return { values: values as Values, mistakes, wrong, effective }
}

function byDefault(text: string): Given {
  return { where: 'default', base: '.', raw: { shape: 'text', text } }
}

function parseRaw(kind: Kind<unknown>, { raw, base }: Given): Parsed<unknown> {
  if (kind.shape === 'list') return kind.parse(raw.shape === 'list' ? raw.items : split(raw))
  if (kind.shape === 'map') return kind.parse(raw.shape === 'map' ? raw.entries : new Map())
  return kind.parse(raw.shape === 'text' ? raw.text : '', base)
}

function split(raw: Given['raw']): string[] {
  const items = raw.shape === 'text' ? raw.text.split(',') : []
  return items.map((item) => item.trim()).filter((item) => item !== '')
}

// An address is no place for a password, which does not keep people from writing one there.
const USER_INFO = /\/\/[^/\s]*@/g

/** The value for a person's eyes; undefined where it is, or may hold, a secret. */
function shown(path: OptionPath, { raw }: Given): string | undefined {
  const { secret, discreet } = optionAt(path)
  if (secret || discreet) return undefined
  const text =
    raw.shape === 'text' ? raw.text : raw.shape === 'list' ? raw.items.join(', ') : [...raw.entries.keys()].join(', ')
  return text.replace(USER_INFO, '//…@')
}

function hidden(path: OptionPath): string {
  return optionAt(path).secret ? '[secret]' : '[given, not shown]'
}
