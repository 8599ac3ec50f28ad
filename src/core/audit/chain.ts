import { hash as digest } from 'node:crypto'

/** An entry as it stands in its columns: `at` in milliseconds, `facts` the JSON text itself, an empty column null. */
export type Entry = {
  seq: number
  id: string
  at: number
  what: string
  userId: string | null
  address: string | null
  userAgent: string | null
  facts: string | null
}

/** A place in the chain. `hash` covers the entry at `position`, counted from 1, and through it all before; lower-case hex. */
export type Link = { position: number; hash: string }
export type Sealed = Link & { entry: Entry }

/** A signed link. `mac` is a keyring's proof over position, hash and time. */
export type Checkpoint = Link & { mac: string; at: number }

/** What the first entry is chained to. */
export const start: Link = { position: 0, hash: '0'.repeat(64) }

const MARK = 'sallyport audit 1'
/** Before each part: that there is one, and how many bytes it has. */
const HEAD = 5

/**
 * SHA-256 over the hash before, the position and every column. Each part has its length before it, and an empty column
 * is not an empty text: no two entries have the same bytes.
 */
export function linkAfter(before: Link, entry: Entry): Link {
  const { seq, id, at, what, userId, address, userAgent, facts } = entry
  const position = before.position + 1
  const parts = [
    MARK,
    before.hash,
    String(position),
    String(seq),
    id,
    String(at),
    what,
    userId,
    address,
    userAgent,
    facts,
  ]
  return { position, hash: digest('sha256', encoded(parts), 'hex') }
}

/** The links of entries in the order given. */
export function linksAfter(before: Link, entries: readonly Entry[]): Sealed[] {
  let last = before
  return entries.map((entry) => {
    last = linkAfter(last, entry)
    return { ...last, entry }
  })
}

/** What is wrong with the first of the sealed entries that does not follow from `before`; undefined when all do. */
export function firstBreak(
  before: Link,
  sealed: readonly Sealed[],
): { position: number; why: 'row-missing' | 'row-changed' } | undefined {
  let last = before
  for (const { position, hash, entry } of sealed) {
    const expected = linkAfter(last, entry)
    if (position !== expected.position) return { position: expected.position, why: 'row-missing' }
    if (hash !== expected.hash) return { position, why: 'row-changed' }
    last = expected
  }
  return undefined
}

/** The parts of a checkpoint that its mac is over. */
export function signedParts({ position, hash, at }: Omit<Checkpoint, 'mac'>): [purpose: string, ...parts: string[]] {
  return ['audit-checkpoint', String(position), hash, String(at)]
}

/** In one piece: making pieces and adding each to the hash took four times as long. */
function encoded(parts: readonly (string | null)[]): Buffer {
  const longest = parts.reduce((bytes, part) => bytes + HEAD + (part === null ? 0 : 3 * part.length), 0)
  const bytes = Buffer.allocUnsafe(longest)
  let end = 0
  for (const part of parts) {
    if (part === null) {
      end = bytes.writeUInt8(0, end)
    } else {
      const length = bytes.write(part, end + HEAD)
      bytes.writeUInt32BE(length, bytes.writeUInt8(1, end))
      end += HEAD + length
    }
  }
  return bytes.subarray(0, end)
}
