import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'

const BLOCK = 16
export const LONGEST_USER_PASSWORD = 128

/**
 * The value of User-Password (RFC 2865 section 5.2). `authenticator` must be new for each request: two passwords under
 * the same one give each other away. Throws RangeError for an empty password, one above 128 bytes of UTF-8, and one with
 * a NUL, which the other side could not tell from padding.
 */
export function hideUserPassword(password: string, authenticator: Uint8Array, secret: string): Uint8Array {
  const bytes = Buffer.from(password)
  if (bytes.length === 0 || bytes.length > LONGEST_USER_PASSWORD || bytes.includes(0)) {
    throw new RangeError('a password that User-Password cannot hold')
  }
  const padded = Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK)
  bytes.copy(padded)
  let before: Uint8Array = authenticator
  for (let at = 0; at < padded.length; at += BLOCK) {
    const block = padded.subarray(at, at + BLOCK)
    const mask = createHash('md5').update(secret).update(before).digest()
    for (const [index, byte] of mask.entries()) block[index] = (block[index] ?? 0) ^ byte
    before = block
  }
  return padded
}
