import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

type Closing = {
  key: KeyObject
  /** 12 random bytes, never used twice with one key (NIST SP 800-38D section 8.2.2: at most 2^32 boxes a key). */
  iv: Uint8Array
  plain: Uint8Array
  /** Authenticated beside it: the box opens with this same text only. */
  place: string
}

/** AES-256-GCM: iv, tag and ciphertext in one. */
export function closeBox({ key, iv, plain, place }: Closing): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext])
}

/** Undefined when the key or the place is another, or when anything in the box was changed. */
export function openBox({ key, box, place }: { key: KeyObject; box: Uint8Array; place: string }): Buffer | undefined {
  if (box.length < IV_BYTES + TAG_BYTES) return undefined
  const iv = box.subarray(0, IV_BYTES)
  const tag = box.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(place))
    .setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(box.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    // `final` throws for one reason only: the tag does not fit.
    return undefined
  }
}
