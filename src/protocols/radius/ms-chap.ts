import { Buffer } from 'node:buffer'
import { createCipheriv, createHash, timingSafeEqual } from 'node:crypto'
import { md4 } from './md4.ts'

/** MS-CHAP version 2 (RFC 2759) in RADIUS (RFC 2548 section 2.3). Both challenges are 16 unguessable bytes. */
export type MsChap = {
  username: string
  password: string
  authenticatorChallenge: Uint8Array
  peerChallenge: Uint8Array
}

/** The 24 bytes that prove the password (section 8.1). */
export function ntResponse({ username, password, ...challenges }: MsChap): Buffer {
  const challenge = challengeHash(username, challenges)
  const key = Buffer.alloc(21)
  passwordHash(password).copy(key)
  return Buffer.concat([0, 7, 14].map((at) => des(challenge, key.subarray(at, at + 7))))
}

/** The value of MS-CHAP2-Response (RFC 2548 section 2.3.2). */
export function msChap2Response(identifier: number, chap: MsChap): Buffer {
  return Buffer.concat([Buffer.from([identifier, 0]), chap.peerChallenge, Buffer.alloc(8), ntResponse(chap)])
}

/**
 * Whether MS-CHAP2-Success comes from who knows the password's hash (RFC 2759 section 8.8, RFC 2548 section 2.3.3).
 * An acceptance without it proves nothing.
 */
export function provesPassword(success: Uint8Array, identifier: number, chap: MsChap): boolean {
  const expected = Buffer.concat([Buffer.from([identifier]), Buffer.from(authenticatorResponse(chap))])
  // What follows the 42 characters is a message.
  const given = success.subarray(0, expected.length)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** "S=" and 40 upper-case hexadecimal digits (section 8.7). */
export function authenticatorResponse(chap: MsChap): string {
  const first = createHash('sha1')
    .update(md4(passwordHash(chap.password)))
    .update(ntResponse(chap))
    .update('Magic server to client signing constant')
    .digest()
  const second = createHash('sha1')
    .update(first)
    .update(challengeHash(chap.username, chap))
    .update('Pad to make it do more than one iteration')
    .digest('hex')
  return `S=${second.toUpperCase()}`
}

/** The number in "E=691 R=1 C=... V=3 M=..." of MS-CHAP-Error (section 6; RFC 2548 section 2.1.5). */
export function msChapErrorNumber(value: Uint8Array): number | undefined {
  const [, digits] = /^E=(\d{1,10})(?: |$)/.exec(Buffer.from(value.subarray(1)).toString('latin1')) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** Section 8.2: a Windows domain before the name does not count. */
function challengeHash(username: string, challenges: Pick<MsChap, 'authenticatorChallenge' | 'peerChallenge'>): Buffer {
  const name = username.slice(username.lastIndexOf('\\') + 1)
  const hash = createHash('sha1').update(challenges.peerChallenge).update(challenges.authenticatorChallenge)
  return hash.update(name).digest().subarray(0, 8)
}

export function passwordHash(password: string): Buffer {
  return md4(Buffer.from(password, 'utf16le'))
}

/** Triple DES with one key thrice is DES, which OpenSSL has no more by itself. Key: 56 bits, without parity. */
export function des(block: Uint8Array, key: Uint8Array): Buffer {
  const bits = [...key].reduce((all, byte) => (all << 8n) | BigInt(byte), 0n)
  const eight = Buffer.from(Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(49 - 7 * i)) & 0x7fn) << 1))
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([eight, eight, eight]), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(block), cipher.final()])
}
