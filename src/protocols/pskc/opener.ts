import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { Unusable } from '../token-file.ts'
import { child, type Element, textAt } from './elements.ts'

/** What opens the values of a file, agreed on beside it. */
export type PskcKeys = { preShared?: Uint8Array | undefined; passphrase?: string | undefined }

/** Opens the `EncryptedValue` of a data element such as `Secret`. Throws `Unusable`. */
export type Opener = (item: Element) => Uint8Array

/** By the end of their URIs, XML Encryption section 5.2. */
const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  'xmlenc#aes128-cbc': { name: 'aes-128-cbc', keyBytes: 16 },
  'xmlenc#aes192-cbc': { name: 'aes-192-cbc', keyBytes: 24 },
  'xmlenc#aes256-cbc': { name: 'aes-256-cbc', keyBytes: 32 },
}
/** RFC 4051 section 2.2 and XML Signature section 6.3.1; PBKDF2 names its functions alike (xmldsig-core1). */
const HASHES: Readonly<Record<string, string>> = {
  'xmldsig#hmac-sha1': 'sha1',
  'xmldsig-more#hmac-sha256': 'sha256',
  'xmldsig-more#hmac-sha384': 'sha384',
  'xmldsig-more#hmac-sha512': 'sha512',
}
const BLOCK = 16
/** Values in a row, from the first, whose MAC does not fit: then it is the key and not the value. */
const MISSES_OF_A_WRONG_KEY = 3

type Container = { encryptionKey: Element | undefined; macMethod: Element | undefined }
type Asked = { container: Container; keys: PskcKeys; mostIterations: number }

/**
 * RFC 6030 section 6: AES in CBC under a pre-shared key (6.1) or one derived from a passphrase (6.2), with a MAC over
 * initialisation vector and ciphertext. The MAC is checked before anything is decrypted, and none is a refusal:
 * section 6.1.1 demands it for CBC. Rejects with `Unusable`.
 */
export async function openerOf({ container, keys, mostIterations }: Asked): Promise<Opener> {
  const key = await keyOf(container.encryptionKey, keys, mostIterations)
  const { hash, macKey } = macOf(container.macMethod, key)
  let fits = false
  let misses = 0

  return (item) => {
    const encrypted = child(item, 'EncryptedValue')
    const data = base64(textAt(encrypted, 'CipherData', 'CipherValue'))
    const mac = base64(textAt(item, 'ValueMAC'))
    if (!data) throw new Unusable('value.malformed')
    if (hash === undefined || !mac) throw new Unusable('mac.missing')

    const expected = createHmac(hash, macKey).update(data).digest()
    if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) {
      throw new Unusable(!fits && ++misses >= MISSES_OF_A_WRONG_KEY ? 'key.wrong' : 'mac.wrong')
    }
    fits = true
    const plain = decrypt(encrypted, key, data)
    if (!plain) throw new Unusable('value.malformed')
    return plain
  }
}

async function keyOf(encryptionKey: Element | undefined, keys: PskcKeys, most: number): Promise<Uint8Array> {
  if (child(encryptionKey, 'X509Data') ?? child(encryptionKey, 'KeyInfo', 'X509Data')) {
    throw new Unusable('key.unsupported', encryptionKey?.line)
  }
  const derived = child(encryptionKey, 'DerivedKey')
  if (derived) return derive(derived, keys.passphrase, most)
  if (!keys.preShared) throw new Unusable('key.needed', encryptionKey?.line)
  return keys.preShared
}

/** PBKDF2 (RFC 8018 appendix A.2). The file says how often to iterate, so a limit of ours stands above it. */
function derive(derived: Element, passphrase: string | undefined, most: number): Promise<Uint8Array> {
  const method = child(derived, 'KeyDerivationMethod')
  const parameters = child(method, 'PBKDF2-params')
  const salt = base64(textAt(parameters, 'Salt', 'Specified'))
  const iterations = Number(textAt(parameters, 'IterationCount') || Number.NaN)
  const bytes = Number(textAt(parameters, 'KeyLength') || Number.NaN)
  const prf = child(parameters, 'PRF')
  // The norm has an attribute; python-pskc writes text. Without either it is HMAC-SHA-1.
  const prfUri = prf?.attributes.get('Algorithm') || prf?.text.trim() || 'xmldsig#hmac-sha1'
  const hash = HASHES[endOf(prfUri)]

  const known = endOf(method?.attributes.get('Algorithm') ?? '').endsWith('#pbkdf2') && hash !== undefined
  if (!known || !salt || !Number.isInteger(iterations) || iterations < 1 || ![16, 24, 32].includes(bytes)) {
    throw new Unusable('derivation.unsupported', derived.line)
  }
  if (iterations > most) throw new Unusable('derivation.too-costly', derived.line)
  if (passphrase === undefined) throw new Unusable('passphrase.needed', derived.line)
  return new Promise((resolve, reject) => {
    pbkdf2(passphrase, salt, iterations, bytes, hash, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** The MAC key comes encrypted under the file's key; where it does not, that key is the MAC key too. */
function macOf(macMethod: Element | undefined, key: Uint8Array): { hash: string | undefined; macKey: Uint8Array } {
  if (!macMethod) return { hash: undefined, macKey: key }
  const hash = HASHES[endOf(macMethod.attributes.get('Algorithm') ?? '')]
  if (hash === undefined) throw new Unusable('mac.unsupported', macMethod.line)

  const encrypted = child(macMethod, 'MACKey')
  if (!encrypted) return { hash, macKey: key }
  const data = base64(textAt(encrypted, 'CipherData', 'CipherValue'))
  const macKey = data && decrypt(encrypted, key, data)
  // Nothing proves the MAC key itself; a padding that cannot be is the first sign of another key.
  if (!macKey || macKey.length === 0) throw new Unusable('key.wrong', macMethod.line)
  return { hash, macKey }
}

/** Undefined when the padding cannot be. XML Encryption section 5.2 leaves all but its last byte open. */
function decrypt(encrypted: Element | undefined, key: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  const cipher = CIPHERS[endOf(child(encrypted, 'EncryptionMethod')?.attributes.get('Algorithm') ?? '')]
  if (!cipher) throw new Unusable('cipher.unsupported')
  if (key.length !== cipher.keyBytes) throw new Unusable('key.wrong')
  if (data.length < 2 * BLOCK || data.length % BLOCK !== 0) return undefined

  const decipher = createDecipheriv(cipher.name, key, data.subarray(0, BLOCK)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(data.subarray(BLOCK)), decipher.final()])
  const padding = padded.at(-1) ?? 0
  return padding >= 1 && padding <= BLOCK ? padded.subarray(0, -padding) : undefined
}

/** Makers write the URIs with and without `http://www.w3.org/2001/04/`, in either case. */
function endOf(uri: string): string {
  return uri.trim().toLowerCase().split('/').at(-1) ?? ''
}

/** Undefined for what is not base 64, and for nothing. */
export function base64(text: string | undefined): Uint8Array | undefined {
  const bare = text?.replace(/\s+/g, '')
  if (!bare || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare) || bare.length % 4 !== 0) return undefined
  return Buffer.from(bare, 'base64')
}
