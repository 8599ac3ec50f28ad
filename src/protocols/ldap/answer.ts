import { type Element, element, elements, headOf, Malformed } from './elements.ts'

/** The operations that we ask for and are answered with (RFC 4511 section 4.2 and following), by their tags. */
export const requests = { bind: 0x60, search: 0x63, modify: 0x66, extended: 0x77 } as const
const answers = { bind: 0x61, entry: 0x64, done: 0x65, modify: 0x67, reference: 0x73, extended: 0x78 } as const

/** Which answers belong to which request. */
const fitting: ReadonlyMap<number, readonly number[]> = new Map([
  [requests.bind, [answers.bind]],
  [requests.search, [answers.entry, answers.reference, answers.done]],
  [requests.modify, [answers.modify]],
  [requests.extended, [answers.extended]],
])

/** `controls` by their OIDs. `isLast`: nothing follows for this request. */
export type Answer = { id: number; operation: number; isLast: boolean; controls: ReadonlyMap<string, Buffer> }

const SEQUENCE = 0x30
const SET = 0x31
const BOOLEAN = 0x01
const INTEGER = 0x02
const OCTETS = 0x04
const ENUMERATED = 0x0a
const CONTROLS = 0xa0
/** [3] referral, [7] serverSaslCreds, [10] responseName, [11] responseValue. */
const AFTER_A_RESULT = new Set([0xa3, 0x87, 0x8a, 0x8b])

/**
 * An answer, whole and in the form of RFC 4511 to its last byte; throws `Malformed` for anything else. The client that
 * reads it afterwards takes what is missing for zero, and a result of zero is "success".
 */
export function readAnswer(message: Buffer): Answer {
  const { id, operation, rest } = readMessage(message)
  const parts = elements(operation.value)
  if (operation.tag === answers.entry) checkEntry(parts)
  else if (operation.tag === answers.reference) all(parts, OCTETS)
  else checkResult(parts)
  const isLast = operation.tag !== answers.entry && operation.tag !== answers.reference
  return { id, operation: operation.tag, isLast, controls: readControls(rest) }
}

/**
 * What stands for an entry that is too long: the same one without its attributes. `start` is its beginning. Throws `Malformed`
 * for any other message of that length, and for a name that does not end there.
 */
export function withoutAttributes(start: Buffer, length: number): { dn: string; message: Buffer } {
  let rest = start
  const enter = (tag: number) => {
    const head = headOf(rest)
    if (head?.tag !== tag) throw new Malformed(`a message of ${length} bytes`)
    const { size, whole } = head
    const content = rest.subarray(size, whole)
    rest = rest.subarray(size)
    return { content, isWhole: content.length === whole - size }
  }
  enter(SEQUENCE)
  const id = enter(INTEGER)
  rest = rest.subarray(id.content.length)
  enter(answers.entry)
  const name = enter(OCTETS)
  if (!name.isWhole) throw new Malformed(`a message of ${length} bytes`)
  const entry = element(answers.entry, element(OCTETS, name.content), element(SEQUENCE))
  return { dn: name.content.toString(), message: element(SEQUENCE, element(INTEGER, id.content), entry) }
}

/** What a request of ours is. `controls` by their OIDs. */
export function readRequest(message: Buffer): Omit<Answer, 'isLast'> {
  const { id, operation, rest } = readMessage(message)
  return { id, operation: operation.tag, controls: readControls(rest) }
}

export function isEntry({ operation }: Pick<Answer, 'operation'>): boolean {
  return operation === answers.entry
}

export function fits(answer: number, request: number): boolean {
  return fitting.get(request)?.includes(answer) ?? false
}

function readMessage(message: Buffer): { id: number; operation: Element; rest: Element[] } {
  const [envelope, more] = elements(message)
  if (envelope?.tag !== SEQUENCE || more) throw new Malformed('no LDAP message')
  const [id, operation, ...rest] = elements(envelope.value)
  if (id?.tag !== INTEGER || id.value.length < 1 || id.value.length > 4) throw new Malformed('no message number')
  if (!operation) throw new Malformed('a message without an operation')
  return { id: id.value.readIntBE(0, id.value.length), operation, rest }
}

/** LDAPResult (RFC 4511 section 4.1.9), with what a bind or an extended operation adds. */
function checkResult([code, matched, said, ...more]: Element[]): void {
  if (code?.tag !== ENUMERATED || code.value.length < 1 || code.value.length > 4) throw new Malformed('no result code')
  if (matched?.tag !== OCTETS || said?.tag !== OCTETS) throw new Malformed('a result that is cut off')
  if (!more.every(({ tag }) => AFTER_A_RESULT.has(tag))) throw new Malformed('something behind a result')
}

function checkEntry([name, list, ...more]: Element[]): void {
  if (name?.tag !== OCTETS || list?.tag !== SEQUENCE || more.length > 0) throw new Malformed('no entry')
  for (const attribute of all(elements(list.value), SEQUENCE)) {
    const [type, values, ...others] = elements(attribute.value)
    if (type?.tag !== OCTETS || values?.tag !== SET || others.length > 0) throw new Malformed('no attribute')
    all(elements(values.value), OCTETS)
  }
}

function readControls([controls, more]: Element[]): Map<string, Buffer> {
  if (!controls) return new Map()
  if (controls.tag !== CONTROLS || more) throw new Malformed('something behind an answer')
  return new Map(
    all(elements(controls.value), SEQUENCE).map(({ value }) => {
      const [oid, ...rest] = elements(value)
      const text = rest.at(-1)?.tag === OCTETS ? rest.pop() : undefined
      const isCritical = rest.shift()
      if (oid?.tag !== OCTETS || rest.length > 0 || (isCritical && isCritical.tag !== BOOLEAN))
        throw new Malformed('no control')
      return [oid.value.toString('latin1'), text?.value ?? Buffer.alloc(0)] as const
    }),
  )
}

function all(found: Element[], tag: number): Element[] {
  if (!found.every((element) => element.tag === tag)) throw new Malformed('an element where it has no place')
  return found
}

/** The cookie of a page of results (RFC 2696); an empty one after the last page. */
export function readCookie(control: Buffer): Buffer {
  const [envelope] = elements(control)
  const [size, cookie, more] = elements(envelope?.value ?? Buffer.alloc(0))
  if (envelope?.tag !== SEQUENCE || size?.tag !== INTEGER || cookie?.tag !== OCTETS || more)
    throw new Malformed('no page')
  return cookie.value
}
