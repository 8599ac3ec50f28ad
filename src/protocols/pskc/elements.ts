import { SaxesParser, type SaxesTagNS } from 'saxes'
import { type Chunks, Unusable } from '../token-file.ts'
import { textsOf } from './encoding.ts'

/** An element by its local name: makers disagree on prefixes, and leave namespaces out. */
export type Element = {
  name: string
  line: number
  /** Those without a prefix. */
  attributes: ReadonlyMap<string, string>
  children: Element[]
  text: string
}

export type XmlLimits = { bytes: number; depth: number }

/** UTF-16 units that are parsed at a time: whatever comes in one piece is not held parsed as a whole. */
const PIECE = 16_384
/** What may pass without the end of a tag, a comment or a text: the parser holds all of it till then. */
const MOST_SILENT = 131_072
/** What one child of the root may hold, in UTF-16 units and elements. */
const MOST_IN_A_CHILD = { text: 131_072, elements: 2_000 }

/**
 * First the root alone, without its children; then each child of the root as a whole, as soon as it ends.
 *
 * XML 1.0 with namespaces, strictly, with the five entities that need no declaration. A document type is refused before
 * anything of it is parsed, so that there are no entities to expand and no addresses to fetch. Rejects with `Unusable`.
 */
export async function* elementsOf(chunks: Chunks, { bytes, depth }: XmlLimits): AsyncGenerator<Element> {
  const { parser, whole, watch } = builder(depth)
  let tail = ''
  for await (const text of textsOf(chunks, bytes)) {
    for (let at = 0; at < text.length; at += PIECE) {
      const piece = text.slice(at, at + PIECE)
      // In a comment it is refused as well; no token file has a need to speak of it.
      if (/<!DOCTYPE/i.test(tail + piece)) throw new Unusable('xml.doctype', parser.line)
      tail = piece.slice(-'<!DOCTYPE'.length + 1)
      strictly(parser, () => parser.write(piece))
      watch(piece.length)
      yield* whole.splice(0)
    }
  }
  strictly(parser, () => parser.close())
  yield* whole.splice(0)
}

type Parser = SaxesParser<{ xmlns: true }>

function strictly(parser: Parser, parse: () => void): void {
  try {
    parse()
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable('xml.malformed', parser.line)
  }
}

/** Builds the children of the root; `whole` has those that have ended. */
function builder(mostDeep: number) {
  const parser: Parser = new SaxesParser({ xmlns: true })
  const whole: Element[] = []
  const open: Element[] = []
  let silent = 0
  let size = { text: 0, elements: 0 }

  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-?8|utf-16|us-ascii)$/i.test(encoding)) throw new Unusable('file.encoding', 1)
  })
  parser.on('opentag', (tag) => {
    silent = 0
    if (open.length >= mostDeep) throw new Unusable('xml.too-deep', parser.line)
    const element = elementFrom(tag, parser.line)
    if (open.length === 0) whole.push({ ...element })
    if (open.length === 1) size = { text: 0, elements: 0 }
    if (++size.elements > MOST_IN_A_CHILD.elements && open.length > 1) throw new Unusable('xml.too-long', parser.line)
    if (open.length > 1) open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    silent = 0
    const element = open.pop()
    if (element && open.length === 1) whole.push(element)
  })
  const onText = (text: string) => {
    silent = 0
    const element = open.at(-1)
    if (!element || open.length < 2) return
    size.text += text.length
    if (size.text > MOST_IN_A_CHILD.text) throw new Unusable('xml.too-long', parser.line)
    element.text += text
  }
  const heard = () => {
    silent = 0
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.on('comment', heard)
  parser.on('processinginstruction', heard)

  function watch(passed: number): void {
    silent += passed
    if (silent > MOST_SILENT) throw new Unusable('xml.too-long', parser.line)
  }
  return { parser, whole, watch }
}

function elementFrom({ local, attributes }: SaxesTagNS, line: number): Element {
  const own = Object.values(attributes).filter(({ prefix }) => prefix === '')
  return {
    name: local,
    line,
    attributes: new Map(own.map(({ local, value }) => [local, value])),
    children: [],
    text: '',
  }
}

export function child(element: Element | undefined, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at?.children.find((each) => each.name === name), element)
}

/** What stands in an element, without the spaces around it; undefined where there is no such element. */
export function textAt(element: Element | undefined, ...path: string[]): string | undefined {
  return child(element, ...path)?.text.trim()
}
