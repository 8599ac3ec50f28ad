import { smallFile } from './files.ts'
import type { Mistake } from './mistake.ts'
import { type OptionPath, optionAt, optionPaths } from './options.ts'

/** What was written for an option, and where. */
export type Given = {
  where: string
  /** The folder that relative file names start from. */
  base: string
  raw:
    | { shape: 'text'; text: string }
    | { shape: 'list'; items: string[] }
    | { shape: 'map'; entries: Map<string, string> }
}

/** `portal.listen` -> SALLYPORT_PORTAL_LISTEN, unless the field has a name for it. A map has none. */
export function environmentName(path: OptionPath): string | undefined {
  const { env, kind } = optionAt(path)
  if (kind.shape === 'map') return undefined
  return env ?? `SALLYPORT_${path.replaceAll('.', '_').toUpperCase()}`
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The options that the environment gives. Empty counts as not given: it is what `NAME=${NAME:-}` makes of nothing.
 * Names that we do not know are left alone: Kubernetes sets SALLYPORT_PORT and the like for a service of our name.
 */
export function readEnvironment(
  env: Environment,
  base: string,
): { given: Map<OptionPath, Given>; mistakes: Mistake[] } {
  const given = new Map<OptionPath, Given>()
  const mistakes: Mistake[] = []
  for (const path of optionPaths) {
    const name = environmentName(path)
    if (name === undefined) continue
    const found = optionAt(path).secret ? secretFrom(env, name, path) : { where: name, text: env[name] ?? '' }
    if ('problem' in found) mistakes.push(found)
    else if (found.text !== '') given.set(path, { where: found.where, base, raw: { shape: 'text', text: found.text } })
  }
  return { given, mistakes }
}

/** NAME_FILE is how container platforms hand secrets over: the environment itself shows up in too many places. */
function secretFrom(env: Environment, name: string, path: OptionPath): { where: string; text: string } | Mistake {
  const direct = env[name] ?? ''
  const file = env[`${name}_FILE`] ?? ''
  if (file === '') return { where: name, text: direct }
  const where = `${name}_FILE`
  if (direct !== '') return { where, path, problem: `${name} is given as well.`, remedy: 'Give one of the two.' }

  const read = smallFile(file)
  if (!read.ok)
    return { where, path, value: file, problem: read.problem, remedy: 'Name the file that holds the secret.' }
  // Editors end a file with a line break that is no part of the secret.
  const text = read.value.replace(/\r?\n$/, '')
  return text === ''
    ? { where, path, value: file, problem: 'The file is empty.', remedy: 'Write the secret into it.' }
    : { where, text }
}
