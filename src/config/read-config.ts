import { existsSync } from 'node:fs'
import { type Checked, checkOptions, type Effective } from './check.ts'
import type { Config } from './config.ts'
import { type Given, readEnvironment } from './environment.ts'
import { type OptionsOfFile, optionsOfFile } from './file-options.ts'
import { type FilterJudge, judgedFilters } from './filter-judge.ts'
import type { Mistake } from './mistake.ts'
import type { OptionPath } from './options.ts'
import { judgedProviders, type ProviderJudges } from './provider-judges.ts'
import { rules } from './rules.ts'
import { type FileSettings, fileSettings } from './settings.ts'
import { settle } from './settle.ts'
import { readYamlFile } from './yaml-file.ts'

export const DEFAULT_FILE = 'sallyport.yaml'

type Sources = {
  /** The file that was named; without one, SALLYPORT_CONFIG, then `sallyport.yaml`, which need not be there. */
  file?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  /** Flags of the command line, by the option that they stand for: they go before everything else. */
  flags?: Partial<Record<OptionPath, { flag: string; text: string }>> | undefined
  judges?: Judges | undefined
}

/** Whoever uses a part of the configuration can judge it, so that its mistakes are told with the others. */
export type Judges = ProviderJudges &
  FilterJudge & {
    /** The section `settings`, whose table is the product's. */
    settings?(settings: FileSettings): readonly Mistake[]
  }

export type ReadConfig = { config: Config; effective: readonly Effective[] } | { mistakes: readonly Mistake[] }

/** Command line over environment over file over defaults. Either everything is right, or every mistake is told. */
export function readConfig({ file, env, flags = {}, judges = {} }: Sources): ReadConfig {
  const name = file ?? (env.SALLYPORT_CONFIG || undefined)
  const fromFile = readFile(name ?? DEFAULT_FILE, name !== undefined)
  const fromEnv = readEnvironment(env, '.')

  const given = new Map([...fromFile.given, ...fromEnv.given, ...fromFlags(flags)])
  const checked = checkOptions(given, fromFile.wrong)
  const found = [...fromFile.mistakes, ...fromEnv.mistakes, ...checked.mistakes]
  found.push(...(judges.settings?.(fromFile.settings) ?? []), ...judgedProviders(judges, { checked, given }))
  found.push(...judgedFilters(judges, checked, given))
  // What a broken file says is not known, so nothing can be said of how it agrees.
  if (!fromFile.broken) found.push(...brokenRules(checked, given, fromFile.name))

  if (found.length > 0) return { mistakes: inOrder(found) }
  return { config: settle(checked.values, fromFile.settings), effective: checked.effective }
}

type FromFile = OptionsOfFile & { name: string; broken?: true }

function readFile(name: string, named: boolean): FromFile {
  const nothing = {
    name,
    given: new Map<OptionPath, Given>(),
    wrong: new Set<OptionPath>(),
    settings: fileSettings(undefined, name),
    mistakes: [],
  }
  if (!named && !existsSync(name)) return nothing
  const read = readYamlFile(name)
  return 'mistakes' in read
    ? { ...nothing, mistakes: read.mistakes, broken: true }
    : { name, ...optionsOfFile(read.tree, name) }
}

function fromFlags(flags: NonNullable<Sources['flags']>): [OptionPath, Given][] {
  return (Object.entries(flags) as [OptionPath, { flag: string; text: string }][]).map(([path, { flag, text }]) => {
    return [path, { where: flag, base: '.', raw: { shape: 'text', text } }]
  })
}

function brokenRules({ values, wrong }: Checked, given: ReadonlyMap<OptionPath, Given>, file: string): Mistake[] {
  const mistakes: Mistake[] = []
  const paths = new Set(given.keys())
  for (const { about, broken } of rules) {
    if (about.some((path) => wrong.has(path))) continue
    const found = broken(values, paths)
    if (!found) continue
    const at = about.find((path) => given.has(path)) ?? about[0]
    mistakes.push({ where: given.get(at)?.where ?? file, path: at, ...found })
  }
  return mistakes
}

/** By line within the file, then the environment, each as found. */
function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  const line = ({ where }: Mistake) => Number(/:([0-9]+)$/.exec(where)?.[1] ?? Number.POSITIVE_INFINITY)
  return mistakes.toSorted((a, b) => (line(a) === line(b) ? 0 : line(a) - line(b)))
}
