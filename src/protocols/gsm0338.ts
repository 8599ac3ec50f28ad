/**
 * The alphabets of texts: the GSM 7-bit default alphabet with its extension table, and UCS-2 (3GPP TS 23.038, sections
 * 6.2.1, 6.2.1.1 and 6.2.3). Septets are kept one an octet, as SMPP carries them; nothing is packed here.
 */

const ESCAPE = 0x1b

/** Section 6.2.1. The place of a character is its code. */
const basic = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('')

/** Section 6.2.1.1: what follows an escape. */
const extension = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
])

const codes = new Map<string, readonly number[]>([
  ...[...basic].flatMap((character, code) => (code === ESCAPE ? [] : [[character, [code]] as const])),
  ...[...extension].map(([code, character]) => [character, [ESCAPE, code]] as const),
])

/** How many septets a character takes: 1, or 2 with its escape. Undefined where the alphabet does not have it. */
export function septetsOf(character: string): 1 | 2 | undefined {
  const found = codes.get(character)
  return found && (found.length === 1 ? 1 : 2)
}

/** How many septets a text takes. Undefined when the alphabet lacks one of its characters. */
export function septetCount(text: string): number | undefined {
  let count = 0
  for (const character of text) {
    const septets = septetsOf(character)
    if (septets === undefined) return undefined
    count += septets
  }
  return count
}

/** One septet an octet. Undefined when the alphabet lacks one of the characters: nothing is replaced by a look-alike. */
export function toSeptets(text: string): Uint8Array | undefined {
  const septets: number[] = []
  for (const character of text) {
    const found = codes.get(character)
    if (!found) return undefined
    septets.push(...found)
  }
  return Uint8Array.from(septets)
}

/**
 * Never fails. What follows an escape and is not in the extension table is read as in the basic one, and an escape with
 * no character behind it as a space (section 6.2.1.1, note 1 and section 6.2.1, note 1). An octet over 127 is U+FFFD.
 */
export function fromSeptets(septets: Uint8Array): string {
  let text = ''
  for (let at = 0; at < septets.length; at++) {
    let code = septets[at] ?? 0
    let extended: string | undefined
    if (code === ESCAPE) {
      code = septets[++at] ?? ESCAPE
      extended = extension.get(code)
    }
    text += extended ?? (code === ESCAPE ? ' ' : (basic[code] ?? '\u{FFFD}'))
  }
  return text
}

/** UTF-16, big end first: what networks call UCS-2 and phones have long read with surrogate pairs. */
export function toUcs2(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16()
}

/**
 * Half a surrogate pair stays half: its other half may be in the next part of the text. An odd octet at the end is no
 * character.
 */
export function fromUcs2(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')
}
