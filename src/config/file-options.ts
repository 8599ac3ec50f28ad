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
  if (tree.shape === 'map') for (const entry of tree.entries) take(found, file, entry, '')
  else if (tree.shape !== 'empty') {
    const remedy = 'Compare it with sallyport.example.yaml.'
    complain(found, file, tree.line, '', { problem: 'The file does not consist of sections.', remedy })
  }
  return found
}

function take(found: OptionsOfFile, file: string, { key, line, node }: Entry, prefix: string): void {
  const path = prefix + key
  if (isOption(path)) {
    const read = readOption(path, node, found.given.has(path))
    if ('problem' in read) {
      found.wrong.add(path)
      complain(found, file, line, path, read)
    } else found.given.set(path, { where: `${file}:${node.line}`, base: dirname(file), raw: read })
  } else if (path !== SETTINGS && !sections.has(path)) {
    complain(found, file, line, path, { problem: 'There is no such option.', remedy: meant(key, prefix) })
  } else if (node.shape === 'map') {
    if (path === SETTINGS) found.settings = fileSettings(node, file)
    else for (const entry of node.entries) take(found, file, entry, `${path}.`)
  } else if (node.shape !== 'empty') {
    const remedy =
      path === SETTINGS
        ? 'Write its settings below it, indented.'
        : `Its options are: ${childrenOf(`${path}.`).join(', ')}.`
    complain(found, file, line, path, { problem: 'This is a section, not a value.', remedy })
  }
}

function complain(found: OptionsOfFile, file: string, line: number, path: string, complaint: Complaint): void {
  found.mistakes.push({ where: `${file}:${line}`, path, ...complaint })
}

function readOption(path: OptionPath, node: Node, twice: boolean): Given['raw'] | Complaint {
  const { kind, only } = optionAt(path)
  if (only) return NOT_FROM_THE_FILE
  // `portal.listen: …` at the left margin is the same option as `listen` below `portal`.
  if (twice) return { problem: 'This option stands twice in the file.', remedy: 'Remove one of the two.' }
  if (node.shape === 'empty')
    return { problem: 'There is no value.', remedy: `Write ${kind.says}, or remove the line.` }
  const problem = `This is a ${node.shape}, where a ${kind.shape} is wanted.`
  return rawOf(node, kind.shape) ?? { problem, remedy: `Write ${kind.says}.` }
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
