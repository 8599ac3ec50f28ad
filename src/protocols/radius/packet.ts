import { Buffer } from 'node:buffer'

/** RADIUS packets as bytes: RFC 2865 sections 3 and 5. Nothing of secrets; `authenticity.ts` says whom to believe. */

/** Section 4, those that ask about a password and answer that; and what asks nothing (RFC 5997). */
export const radiusCode = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accessChallenge: 11,
  statusServer: 12,
} as const

export const HEADER = 20
export const LONGEST_PACKET = 4096
export const LONGEST_VALUE = 253

export type RadiusAttribute = { type: number; value: Uint8Array }

/** `authenticator` is 16 bytes; attributes in their order, of which a type may come more than once. */
export type RadiusPacket = {
  code: number
  identifier: number
  authenticator: Uint8Array
  attributes: readonly RadiusAttribute[]
}

/** Throws RangeError for what no packet can hold. */
export function encodeRadius({ code, identifier, authenticator, attributes }: RadiusPacket): Buffer {
  if (authenticator.length !== 16) throw new RangeError(`an authenticator of ${authenticator.length} bytes`)
  const body = Buffer.concat(attributes.map(encodeAttribute))
  const length = HEADER + body.length
  if (length > LONGEST_PACKET) throw new RangeError(`a RADIUS packet of ${length} bytes`)
  const header = Buffer.alloc(4)
  header.writeUInt8(code, 0)
  header.writeUInt8(identifier, 1)
  header.writeUInt16BE(length, 2)
  return Buffer.concat([header, authenticator, body])
}

export function encodeAttribute({ type, value }: RadiusAttribute): Buffer {
  if (value.length > LONGEST_VALUE) throw new RangeError(`attribute ${type} of ${value.length} bytes`)
  return Buffer.concat([Buffer.from([type, value.length + 2]), value])
}

/** `bytes`: the packet without the padding that section 3 allows behind it, for computing over it. */
export type ReadRadius = { packet: RadiusPacket; bytes: Buffer } | { fault: string }

/** Reads a datagram. Believes no length: what does not fit to the byte is a fault. */
export function readRadius(datagram: Uint8Array): ReadRadius {
  const all = Buffer.from(datagram)
  if (all.length < HEADER) return { fault: `a datagram of ${all.length} bytes` }
  const length = all.readUInt16BE(2)
  if (length < HEADER || length > LONGEST_PACKET) return { fault: `a length of ${length}` }
  if (length > all.length) return { fault: `${all.length} bytes of ${length}` }
  const bytes = all.subarray(0, length)
  const attributes = readAttributes(bytes)
  if (!attributes) return { fault: 'an attribute that does not fit' }
  return {
    packet: {
      code: bytes.readUInt8(0),
      identifier: bytes.readUInt8(1),
      authenticator: bytes.subarray(4, HEADER),
      attributes,
    },
    bytes,
  }
}

function readAttributes(bytes: Buffer): RadiusAttribute[] | undefined {
  const attributes: RadiusAttribute[] = []
  let at = HEADER
  while (at < bytes.length) {
    const [type, length = 0] = bytes.subarray(at, at + 2)
    if (type === undefined || length < 2 || at + length > bytes.length) return undefined
    attributes.push({ type, value: bytes.subarray(at + 2, at + length) })
    at += length
  }
  return attributes
}
