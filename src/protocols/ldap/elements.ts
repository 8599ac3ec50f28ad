/** An element of BER as LDAP restricts it (RFC 4511 section 5.1): definite lengths, tags of one byte. */
export type Element = { tag: number; value: Buffer }

/** How an element begins. `whole` counts its head as well. */
export type Head = { tag: number; size: number; whole: number }

/** What is not LDAP. */
export class Malformed extends Error {}

/** Undefined while more bytes are needed to tell. Throws `Malformed`. */
export function headOf(bytes: Buffer): Head | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return undefined
  if ((tag & 0x1f) === 0x1f) throw new Malformed('a tag of several bytes')
  if (first < 0x80) return { tag, size: 2, whole: 2 + first }
  const digits = first & 0x7f
  if (digits === 0 || digits > 4) throw new Malformed('a length that LDAP does not use')
  if (bytes.length < 2 + digits) return undefined
  return { tag, size: 2 + digits, whole: 2 + digits + bytes.readUIntBE(2, digits) }
}

/** The elements that fill these bytes, to the last of them. Throws `Malformed`. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  let at = 0
  while (at < bytes.length) {
    const head = headOf(bytes.subarray(at))
    if (!head || at + head.whole > bytes.length) throw new Malformed('an element is cut off')
    found.push({ tag: head.tag, value: bytes.subarray(at + head.size, at + head.whole) })
    at += head.whole
  }
  return found
}

/** For contents of less than 64 KiB. */
export function element(tag: number, ...contents: Buffer[]): Buffer {
  const value = Buffer.concat(contents)
  const size = value.length
  return Buffer.concat([Buffer.from([tag, ...(size < 0x80 ? [size] : [0x82, size >> 8, size & 0xff])]), value])
}

/** So much of a message that is too long is looked at. */
const START = 16 * 1024

/**
 * Takes bytes as they come and gives the messages that are whole, one by one. What is longer than `longest` is never held:
 * `instead` makes something of its beginning. Throws `Malformed`, and for what is too long where nothing can be made of it.
 */
export function messages(
  longest: number,
  instead?: (start: Buffer, length: number) => Buffer,
): (chunk: Buffer) => Generator<Buffer> {
  let parts: Buffer[] = []
  let held = 0
  let wanted = 0
  let dropping = 0
  return function* take(arrived) {
    const chunk = arrived.subarray(dropping)
    dropping -= arrived.length - chunk.length
    parts.push(chunk)
    held += chunk.length
    // Joined only when there is enough, or a long message in small pieces would cost the square of its length.
    while (held > 0 && held >= wanted) {
      const bytes = Buffer.concat(parts)
      parts = [bytes]
      const head = headOf(bytes)
      if (!head) return
      if (head.whole > longest) {
        if (!instead) throw new Malformed(`a message of ${head.whole} bytes`)
        wanted = START
        if (held < START) return
        yield instead(bytes.subarray(0, START), head.whole)
        const rest = bytes.subarray(head.whole)
        dropping = Math.max(0, head.whole - held)
        parts = [rest]
        held = rest.length
        wanted = 0
        continue
      }
      wanted = head.whole
      if (held < wanted) return
      yield bytes.subarray(0, wanted)
      parts = [bytes.subarray(wanted)]
      held -= wanted
      wanted = 0
    }
  }
}
