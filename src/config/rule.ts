import { addressText } from './addresses.ts'
import { type OptionPath, optionPaths, type Values } from './options.ts'

export type Given = ReadonlySet<OptionPath>

/**
 * What options must agree on. `about` are the options involved, the one to point at first; when one of them could not
 * be understood the rule is silent, or one mistake would be told twice.
 */
export type Rule = {
  about: readonly [OptionPath, ...OptionPath[]]
  broken(values: Values, given: Given): { problem: string; remedy: string } | undefined
}

/** Neither without the other. */
export function together(one: OptionPath, other: OptionPath): Rule[] {
  const pair = (has: OptionPath, lacks: OptionPath): Rule => ({
    about: [has, lacks],
    broken: (_, given) =>
      given.has(has) && !given.has(lacks)
        ? { problem: `It is given without ${lacks}.`, remedy: `Give ${lacks} as well, or remove this.` }
        : undefined,
  })
  return [pair(one, other), pair(other, one)]
}

export function needed(choice: OptionPath, chosen: (values: Values) => boolean, paths: readonly OptionPath[]): Rule[] {
  return paths.map((path) => ({
    about: [choice, path],
    broken: (values, given) =>
      chosen(values) && !given.has(path)
        ? { problem: `It asks for ${path}, which is not given.`, remedy: `Give ${path}.` }
        : undefined,
  }))
}

/** Someone who writes a section and forgets its switch, or the other one that uses it, believes that it is in use. */
export function unused(choice: OptionPath, on: string, section: string, other: OptionPath = choice): Rule {
  const below = optionPaths.filter((path) => path.startsWith(section) && path !== choice)
  return {
    about: [choice, ...below],
    broken(_, given) {
      const first = below.find((path) => given.has(path))
      if (!first || given.has(choice) || given.has(other)) return undefined
      return {
        problem: `Nothing uses ${first} while ${choice} is not given.`,
        remedy: `Set ${choice}: ${on}, or say otherwise there.`,
      }
    },
  }
}

type Listen = 'portal.listen' | 'sdk.listen' | 'callbacks.listen'

export function apart(one: Listen | 'health.listen', other: Listen): Rule[] {
  const broken: Rule['broken'] = (values) => {
    const [a, b] = [values[one], values[other]]
    if (!a || !b || a === 'off' || b.port === 0 || addressText(a) !== addressText(b)) return undefined
    return { problem: `${other} has the same address.`, remedy: 'Choose another port for one of the two.' }
  }
  return [{ about: [one, other], broken }]
}
