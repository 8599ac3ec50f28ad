import { dirname } from 'node:path'
import type { Given } from './environment.ts'
import type { Mistake } from './mistake.ts'
import { nearest } from './nearest.ts'
import { isOption, type OptionPath, optionAt, optionPaths } from './options.ts'
import { type FileSettings, fileSettings } from './settings.ts'
import type { Entry, Node } from './yaml-file.ts'

export type OptionsOfFile = {
  given: Map<OptionPath, Given>
  /** Options that stand in the file in a way that is told as a mistake already. */
  wrong: Set<OptionPath>
  settings: FileSettings
  mistakes: Mistake[]
}

const SETTINGS = 'settings'
const sections = new Set(optionPaths.flatMap((path) => prefixesOf(path)))

/** Lays the file beside the table: what is an option, what a section, and what is neither. */
export function optionsOfFile(tree: Node, file: string): OptionsOfFile {
  const found: OptionsOfFile = {
    given: new Map(),
    wrong: new Set(),
    settings: fileSettings(undefined, file),
    mistakes: [],
  }
  const mistake = (line: number, path: string, problem: string, remedy: string, value?: string) =>
    void found.mistakes.push({ where: `${file}:${line}`, path, value, problem, remedy })

  if (tree.shape === 'map') for (const entry of tree.entries) visit(entry, '')
  else if (tree.shape !== 'empty')
    mistake(tree.line, '', 'The file does not consist of sections.', 'Compare it with sallyport.example.yaml.')
  return found

  function visit({ key, line, node }: Entry, prefix: string): void {
    const path = prefix + key
    if (path === SETTINGS) takeSettings(line, node)
    else if (isOption(path)) takeOption(path, line, node)
    else if (sections.has(path)) takeSection(path, node)
    else mistake(line, path, 'There is no such option.', meant(key, prefix))
  }

  function takeSettings(line: number, node: Node): void {
    if (node.shape === 'map') found.settings = fileSettings(node, file)
    else if (node.shape !== 'empty')
      mistake(line, SETTINGS, 'This is a section, not a value.', 'Write its settings below it, indented.')
  }

  function takeSection(path: string, node: Node): void {
    if (node.shape === 'map') for (const entry of node.entries) visit(entry, `${path}.`)
    else if (node.shape !== 'empty')
      mistake(
        node.line,
        path,
        'This is a section, not a value.',
        `Its options are: ${childrenOf(`${path}.`).join(', ')}.`,
      )
  }

  function takeOption(path: OptionPath, line: number, node: Node): void {
    const read = readOption(path, node)
    if ('problem' in read) {
      found.wrong.add(path)
      mistake(line, path, read.problem, read.remedy)
    } else found.given.set(path, { where: `${file}:${node.line}`, base: dirname(file), raw: read })
  }

  function readOption(path: OptionPath, node: Node): Given['raw'] | Complaint {
    const { kind, only } = optionAt(path)
    if (only) return NOT_FROM_THE_FILE
    // `portal.listen: …` at the left margin is the same option as `listen` below `portal`.
    if (found.given.has(path))
      return { problem: 'This option stands twice in the file.', remedy: 'Remove one of the two.' }
    if (node.shape === 'empty')
      return { problem: 'There is no value.', remedy: `Write ${kind.says}, or remove the line.` }
    return (
      rawOf(node, kind.shape) ?? {
        problem: `This is a ${node.shape}, where a ${kind.shape} is wanted.`,
        remedy: `Write ${kind.says}.`,
      }
    )
  }
}

type Complaint = { problem: string; remedy: string }

const NOT_FROM_THE_FILE: Complaint = {
  problem: 'This is not read from the file: a key that lies beside what it opens protects nothing.',
  remedy: 'Give it in the environment.',
}

function rawOf(node: Node, wanted: 'text' | 'list' | 'map'): Given['raw'] | undefined {
  if (node.shape === 'text') return wanted === 'map' ? undefined : { shape: 'text', text: node.text }
  if (node.shape === 'list' && wanted === 'list') {
    const items = node.items.flatMap((item) => (item.shape === 'text' ? [item.text] : []))
    return items.length === node.items.length ? { shape: 'list', items } : undefined
  }
  if (node.shape === 'map' && wanted === 'map') {
    const entries = node.entries.flatMap(({ key, node }): [string, string][] =>
      node.shape === 'text' ? [[key, node.text]] : [],
    )
    return entries.length === node.entries.length ? { shape: 'map', entries: new Map(entries) } : undefined
  }
  return undefined
}

/** A key is mostly misspelt, or it is right and stands in the wrong section. */
function meant(key: string, prefix: string): string {
  const siblings = childrenOf(prefix)
  const elsewhere = optionPaths.find((path) => path.split('.').at(-1) === key)
  const near = nearest(key, siblings)
  if (near !== undefined) return `Did you mean ${prefix}${near}?`
  return elsewhere ? `Did you mean ${elsewhere}?` : `Known here: ${siblings.join(', ')}.`
}

function childrenOf(prefix: string): string[] {
  const paths = [...optionPaths.filter((path) => !optionAt(path).only), SETTINGS]
  const below = paths
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length).split('.')[0] ?? '')
  return [...new Set(below)]
}

function prefixesOf(path: string): string[] {
  const segments = path.split('.')
  return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join('.'))
}
