/** Base 32 of RFC 4648 section 6, as used for OATH secrets. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]))

/** How many letters an incomplete last group of eight can have: 1, 3 and 6 letters end inside a byte. */
const WHOLE_ENDINGS = new Set([0, 2, 4, 5, 7])

/** Upper case. Without `padding` there are no `=` at the end, as the Key URI format and people want it. */
export function toBase32(bytes: Uint8Array, { padding = false }: { padding?: boolean } = {}): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((held >>> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  if (bits > 0) text += ALPHABET.charAt((held << (5 - bits)) & 31)
  return padding ? text.padEnd(Math.ceil(text.length / 8) * 8, '=') : text
}

/**
 * The bytes of a text as people type or paste it: either case, in groups with spaces or dashes, with or without the
 * `=` at the end. Undefined for anything else. Look-alikes (0 for O, 1 for I) are not guessed at: RFC 4648 section 3.3.
 *
 * Bits left over after the last whole byte are dropped, as authenticator apps do: some issuers make secrets of random
 * letters, not of random bytes (RFC 4648 section 3.5 leaves the choice).
 */
export function fromBase32(text: string): Uint8Array | undefined {
  const letters = text.replace(/[\s\p{Pd}]/gu, '').replace(/={1,6}$/, '')
  if (!WHOLE_ENDINGS.has(letters.length % 8)) return undefined

  const bytes = new Uint8Array(Math.floor((letters.length * 5) / 8))
  let filled = 0
  let held = 0
  let bits = 0
  for (const letter of letters) {
    // Only a to z have their upper case here: toUpperCase would also take U+017F for S and U+0131 for I.
    const value = VALUES.get(letter >= 'a' && letter <= 'z' ? letter.toUpperCase() : letter)
    if (value === undefined) return undefined
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[filled++] = held >>> bits
      held &= (1 << bits) - 1
    }
  }
  return bytes
}
