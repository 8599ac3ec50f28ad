import { createHash } from 'node:crypto'
import { attribute } from '../src/protocols/radius/attributes.ts'
import { encodeRadius, type RadiusPacket } from '../src/protocols/radius/packet.ts'

export const secret = 'xyzzy5461'

type Made = { mac: 'right' | 'wrong' | 'doubled' | 'short' | 'none'; code?: number }

/** An answer whose response authenticator is right, whatever is wrong with the rest. */
export function answerTo(
  { identifier, authenticator }: Pick<RadiusPacket, 'identifier' | 'authenticator'>,
  attributes: RadiusPacket['attributes'],
  { mac, code = 2 }: Made,
): Buffer {
  const macs = { right: [16], wrong: [16], doubled: [16, 16], short: [15], none: [] }[mac]
  const all = [...macs.map((length) => attribute('messageAuthenticator', Buffer.alloc(length))), ...attributes]
  const bytes = encodeRadius({ code, identifier, authenticator, attributes: all })
  const signature = hmacMd5(secret, bytes)
  // Both of a doubled one are right, so that nothing but their number is wrong.
  for (const at of { right: [22], wrong: [], doubled: [22, 40], short: [], none: [] }[mac]) signature.copy(bytes, at)
  createHash('md5').update(bytes).update(secret).digest().copy(bytes, 4)
  return bytes
}

/** RFC 2104, written out. */
export function hmacMd5(key: string, data: Uint8Array): Buffer {
  const pad = (byte: number) => Buffer.from(Buffer.from(key.padEnd(64, '\0')).map((value) => value ^ byte))
  const inner = createHash('md5').update(pad(0x36)).update(data).digest()
  return createHash('md5').update(pad(0x5c)).update(inner).digest()
}
