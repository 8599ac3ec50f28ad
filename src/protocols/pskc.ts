import { type Element, elementsOf } from './pskc/elements.ts'
import { type Opener, openerOf, type PskcKeys } from './pskc/opener.ts'
import { tokenFrom } from './pskc/token.ts'
import { type Chunks, type TokenProblem, type TokenReading, Unusable } from './token-file.ts'

export type { PskcKeys } from './pskc/opener.ts'

export type PskcLimits = {
  bytes: number
  /** Elements within elements. */
  depth: number
  tokens: number
  /** Of PBKDF2. A million take half a second. */
  iterations: number
}

const LIMITS: PskcLimits = { bytes: 256 * 1024 * 1024, depth: 32, tokens: 100_000, iterations: 1_000_000 }

type Options = { keys?: PskcKeys | undefined; limits?: Partial<PskcLimits> | undefined }

/**
 * The tokens of a PSKC document (RFC 6030), one at a time: memory does not grow with the file. OATH tokens only, by
 * counter and by time; a key that is none, or may not be used as one, is a problem of its own and the reading goes on.
 * After a problem of the file (no XML, a wrong key, too many tokens) nothing more comes.
 *
 * `chunks` are bytes, or text. An XML signature is passed over, not verified.
 */
export async function* readPskc(
  chunks: Chunks,
  { keys = {}, limits = {} }: Options = {},
): AsyncGenerator<TokenReading> {
  const bounds = { ...LIMITS, ...limits }
  let line = 1
  try {
    for await (const { element, open } of keyPackages(chunks, keys, bounds)) {
      line = element.line
      yield readOne(element, open)
    }
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    yield { ok: false, line: error.line ?? line, problem: error.problem }
  }
}

const OF_THE_CONTAINER = ['EncryptionKey', 'MACMethod']

/** Each package with what opens its values. The container's own elements stand before them (RFC 6030 section 4). */
async function* keyPackages(
  chunks: Chunks,
  keys: PskcKeys,
  { tokens, iterations, ...bounds }: PskcLimits,
): AsyncGenerator<{ element: Element; open: Opener }> {
  const container = new Map<string, Element>()
  let open: Opener | undefined
  let count = 0
  for await (const element of elementsOf(chunks, bounds)) {
    if (container.size === 0) container.set(element.name, mustBeContainer(element))
    if (element.name !== 'KeyPackage') {
      if (OF_THE_CONTAINER.includes(element.name)) container.set(element.name, element)
      continue
    }
    if (++count > tokens) throw new Unusable('file.too-many', element.line)
    open ??= holds(element, 'EncryptedValue') ? await openerFor(container, keys, iterations) : undefined
    yield { element, open: open ?? nothingToOpen }
  }
}

function mustBeContainer(root: Element): Element {
  const { name, attributes, line } = root
  if (name !== 'KeyContainer') throw new Unusable('pskc.no-container', line)
  // RFC 6030 section 4: a major version that is not known must be refused.
  if (!/^1(\.|$)/.test(attributes.get('Version')?.trim() ?? '1')) throw new Unusable('pskc.version', line)
  return root
}

function openerFor(container: ReadonlyMap<string, Element>, keys: PskcKeys, mostIterations: number): Promise<Opener> {
  const [encryptionKey, macMethod] = [container.get('EncryptionKey'), container.get('MACMethod')]
  return openerOf({ container: { encryptionKey, macMethod }, keys, mostIterations })
}

function nothingToOpen(): never {
  throw new Unusable('value.malformed')
}

function holds(element: Element, name: string): boolean {
  return element.children.some((each) => each.name === name || holds(each, name))
}

/** No token of the file opens after these. */
const ENDINGS: readonly TokenProblem[] = ['key.wrong']

function readOne(element: Element, open: Opener): TokenReading {
  try {
    return { ok: true, token: tokenFrom(element, open) }
  } catch (error) {
    if (!(error instanceof Unusable) || ENDINGS.includes(error.problem)) throw error
    return { ok: false, line: element.line, problem: error.problem }
  }
}
