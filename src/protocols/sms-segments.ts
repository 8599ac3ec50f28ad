import { septetCount, septetsOf } from './gsm0338.ts'

/** `gsm` is the 7-bit default alphabet, `ucs2` is UTF-16BE (3GPP TS 23.038). */
export type Alphabet = 'gsm' | 'ucs2'

/** Which part of which text this is. `reference` names the text among those of one sender, and how it was written. */
export type Place = { reference: string; total: number; place: number }

type Room = { alone: number; inParts: number; takes(character: string): number }

/**
 * What fits into 140 octets, alone or behind the 6 octets of a header: septets for `gsm`, 16-bit units for `ucs2`
 * (3GPP TS 23.040 section 9.2.3.24.1).
 */
const rooms: Record<Alphabet, Room> = {
  gsm: { alone: 160, inParts: 153, takes: (character) => septetsOf(character) ?? 1 },
  ucs2: { alone: 70, inParts: 67, takes: (character) => character.length },
}

/** The total is one octet. */
const MOST_PARTS = 255

/** The one that makes fewer parts: `gsm` where it has every character. */
export function alphabetOf(text: string): Alphabet {
  return septetCount(text) === undefined ? 'ucs2' : 'gsm'
}

/**
 * The parts in which a text travels, in order; one where it fits. No part ends inside a surrogate pair or between an
 * escape and its character. Throws RangeError for more than 255 parts.
 */
export function splitText(text: string, alphabet: Alphabet): string[] {
  const { alone, inParts, takes } = rooms[alphabet]
  const whole = [...text].reduce((sum, character) => sum + takes(character), 0)
  if (whole <= alone) return [text]

  const parts: string[] = []
  let part = ''
  let filled = 0
  for (const character of text) {
    const size = takes(character)
    if (filled + size > inParts) {
      parts.push(part)
      part = ''
      filled = 0
    }
    part += character
    filled += size
  }
  parts.push(part)
  if (parts.length > MOST_PARTS) throw new RangeError(`a text of ${parts.length} parts`)
  return parts
}

/** The user data header of a part: its length, then "concatenated short messages, 8-bit reference number". */
export function concatenationHeader({
  reference,
  total,
  place,
}: {
  reference: number
  total: number
  place: number
}): Uint8Array {
  return Uint8Array.of(5, 0x00, 3, reference & 0xff, total, place)
}

/**
 * Takes user data that begins with a header apart (3GPP TS 23.040 section 9.2.3.24): the body, and its place if it is a
 * part. References of 8 and of 16 bits are read. Undefined when the header is longer than the data or ends in an element.
 */
export function readUserData(data: Uint8Array): { body: Uint8Array; part?: Place | undefined } | undefined {
  const headerEnd = 1 + (data[0] ?? 0)
  if (data.length === 0 || headerEnd > data.length) return undefined
  const body = data.subarray(headerEnd)

  let part: Place | undefined
  for (let at = 1; at < headerEnd; ) {
    const [identifier = 0, length = 0] = data.subarray(at, at + 2)
    const end = at + 2 + length
    if (at + 2 > headerEnd || end > headerEnd) return undefined
    part = readPlace(identifier, data.subarray(at + 2, end)) ?? part
    at = end
  }
  return { body, part }
}

/** Sections 9.2.3.24.1 and 9.2.3.24.8: an element with a place that cannot be is ignored. */
function readPlace(identifier: number, value: Uint8Array): Place | undefined {
  const bits =
    identifier === 0x00 && value.length === 3 ? 8 : identifier === 0x08 && value.length === 4 ? 16 : undefined
  if (bits === undefined) return undefined
  const [total = 0, place = 0] = value.subarray(-2)
  if (place < 1 || place > total) return undefined
  return { reference: `${bits}:${Buffer.from(value.subarray(0, -2)).toString('hex')}`, total, place }
}
