import { Buffer } from 'node:buffer'
import { des, type MsChap, ntResponse, passwordHash } from './ms-chap.ts'
import { rc4 } from './rc4.ts'

/** A password in place of another: RFC 2759 section 7, in RADIUS RFC 2548 sections 2.1.9 and 2.3.4. */
export type MsChapChange = Omit<MsChap, 'password'> & { old: string; chosen: string }

/** The value of MS-CHAP2-CPW, and those of the three MS-CHAP-NT-Enc-PW that belong to it. */
export type ChangeValues = { change: Buffer; encrypted: Buffer[] }

const CHANGE = 7
const ENCRYPTED = 6
/** In bytes: 256 characters of 16 bits (section 8.10). */
export const LONGEST_CHOSEN = 512
/** What one attribute of Microsoft's holds (RFC 2548 section 2), less the four bytes before it. */
const PART = 243

/** `filling` is LONGEST_CHOSEN unguessable bytes: what the password leaves of the block must not tell its length. */
export function msChap2Change(identifier: number, change: MsChapChange, filling: Uint8Array): ChangeValues {
  const { old, chosen, ...rest } = change
  const proof = ntResponse({ ...rest, password: chosen })
  const head = Buffer.from([CHANGE, identifier])
  const flags = Buffer.alloc(2)
  const value = [head, oldHashUnderNew(old, chosen), rest.peerChallenge, Buffer.alloc(8), proof, flags]
  return { change: Buffer.concat(value), encrypted: inParts(identifier, newUnderOldHash(chosen, old, filling)) }
}

/** NewPasswordEncryptedWithOldNtPasswordHash (sections 8.9 and 8.10). */
export function newUnderOldHash(chosen: string, old: string, filling: Uint8Array): Buffer {
  const text = Buffer.from(chosen, 'utf16le')
  if (text.length > LONGEST_CHOSEN || filling.length !== LONGEST_CHOSEN)
    throw new RangeError('a password that does not fit the block')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const block = Buffer.concat([filling.subarray(0, LONGEST_CHOSEN - text.length), text, length])
  return rc4(passwordHash(old), block)
}

/** OldNtPasswordHashEncryptedWithNewNtPasswordHash (sections 8.12 and 8.13). */
export function oldHashUnderNew(old: string, chosen: string): Buffer {
  const [hash, key] = [passwordHash(old), passwordHash(chosen)]
  const halves = [0, 1].map((half) => des(hash.subarray(8 * half, 8 * half + 8), key.subarray(7 * half, 7 * half + 7)))
  return Buffer.concat(halves)
}

/** RFC 2548 section 2.1.9: counted from 1. */
function inParts(identifier: number, encrypted: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(encrypted.length / PART) }, (_, index) =>
    Buffer.concat([
      Buffer.from([ENCRYPTED, identifier, 0, index + 1]),
      encrypted.subarray(index * PART, (index + 1) * PART),
    ]),
  )
}
