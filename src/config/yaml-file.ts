import {
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { smallFile } from './files.ts'
import type { Mistake } from './mistake.ts'

/** The file as a tree that remembers its lines. `value` is the scalar as YAML understands it, `text` as it was written. */
export type Node = { line: number } & (
  | { shape: 'empty' }
  | { shape: 'text'; text: string; value: unknown }
  | { shape: 'list'; items: Node[] }
  | { shape: 'map'; entries: Entry[] }
)
export type Entry = { key: string; line: number; node: Node }

export const LARGEST_CONFIGURATION = 256 * 1024

/** Reads and parses the file; its values mean nothing yet. */
export function readYamlFile(file: string): { tree: Node } | { mistakes: Mistake[] } {
  const read = smallFile(file, LARGEST_CONFIGURATION)
  if (!read.ok)
    return {
      mistakes: [
        { where: file, path: '', problem: read.problem, remedy: 'Name the file that holds the configuration.' },
      ],
    }
  return parse(read.value, file)
}

function parse(text: string, file: string): { tree: Node } | { mistakes: Mistake[] } {
  const lines = new LineCounter()
  // Pretty errors quote the line, which may hold a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line

  const mistakes = [...document.errors, ...document.warnings].map((error) =>
    syntaxMistake(error, file, lineAt(error.pos[0])),
  )
  visit(document, {
    Alias(_, node) {
      mistakes.push({ where: `${file}:${lineAt(node.range?.[0])}`, path: '', ...NO_ALIASES })
    },
  })
  if (mistakes.length > 0) return { mistakes }
  return { tree: toNode(document.contents, lineAt) }
}

// A few aliases of aliases grow to gigabytes, and no configuration needs them.
const NO_ALIASES = {
  problem: 'An alias (*name) stands here.',
  remedy: 'Write the value itself, or put a text that starts with * into quotes.',
}

type LineAt = (offset: number | undefined) => number

function toNode(node: ParsedNode | null, lineAt: LineAt): Node {
  const line = lineAt(node?.range[0])
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    return { line, shape: 'map', entries: node.items.map(({ key, value }) => toEntry(key, value, lineAt)) }
  }
  if (isSeq<ParsedNode>(node)) return { line, shape: 'list', items: node.items.map((item) => toNode(item, lineAt)) }
  if (isScalar(node) && !isAlias(node) && node.value !== null) {
    return { line, shape: 'text', text: node.source ?? String(node.value), value: node.value }
  }
  return { line, shape: 'empty' }
}

function toEntry(key: ParsedNode, value: ParsedNode | null, lineAt: LineAt): Entry {
  const line = lineAt(key.range[0])
  const name = isScalar(key) ? (key.source ?? String(key.value)) : '{…}'
  return { key: name, line, node: toNode(value, lineAt) }
}

/** The tree as plain values, for the part that somebody else checks. */
export function plainValue(node: Node): unknown {
  switch (node.shape) {
    case 'empty':
      return null
    case 'text':
      return node.value
    case 'list':
      return node.items.map(plainValue)
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, node }) => [key, plainValue(node)]))
  }
}

type Sentences = { problem: string; remedy: string }

/** In our own words: the parser's messages quote what it found. */
const SYNTAX: Partial<Record<ErrorCode, Sentences>> = {
  DUPLICATE_KEY: { problem: 'This key stands twice in the same section.', remedy: 'Remove one of the two.' },
  TAB_AS_INDENT: { problem: 'A tab stands where the line is indented.', remedy: 'Indent with spaces.' },
  BAD_INDENT: {
    problem: 'The line is indented otherwise than its neighbours, or a bracket before it is not closed.',
    remedy: 'Give all keys of a section the same indent, and close what was opened.',
  },
  MULTIPLE_DOCS: { problem: 'The file goes on after "---".', remedy: 'Keep one document in the file.' },
  BLOCK_AS_IMPLICIT_KEY: {
    problem: 'A value holds another "key: value".',
    remedy: 'Put a text with ": " in it into quotes.',
  },
  MULTILINE_IMPLICIT_KEY: {
    problem: 'A line without ":" stands among keys.',
    remedy: 'Write "key: value"; there is a space after the ":".',
  },
  MISSING_CHAR: {
    problem: 'A quote or a bracket is not closed, or a ":" is missing, here or before.',
    remedy: 'Close it, or put the text into quotes.',
  },
  BAD_SCALAR_START: {
    problem: 'A value starts with a character that YAML reserves.',
    remedy: 'Put the value into quotes.',
  },
  BAD_DQ_ESCAPE: {
    problem: 'There is no such escape as this backslash makes.',
    remedy: "Use 'single quotes', in which a backslash is a backslash.",
  },
  TAG_RESOLVE_FAILED: {
    problem: 'A tag (!name) stands here.',
    remedy: 'Write the value itself, or put a text that starts with ! into quotes.',
  },
  // The parser stops by itself before a file of brackets uses up the stack.
  RESOURCE_EXHAUSTION: { problem: 'The file is nested too deeply.', remedy: 'Write it as sections and options.' },
  BAD_ALIAS: NO_ALIASES,
}

function syntaxMistake({ code }: YAMLError, file: string, line: number): Mistake {
  const sentences = SYNTAX[code] ?? {
    problem: `The line is not YAML (${code}).`,
    remedy: 'Compare it with sallyport.example.yaml.',
  }
  return { where: `${file}:${line}`, path: '', ...sentences }
}
