const signing = { name: 'ECDSA', namedCurve: 'P-256' }

/** A key pair whose private half this browser can use and nobody can read (Web Cryptography, `extractable`). */
export async function makeKeys() {
  return crypto.subtle.generateKey(signing, false, ['sign', 'verify'])
}

/** The point of the public half, uncompressed, in base64url. */
export async function publicKeyOf({ publicKey }) {
  return base64url(await crypto.subtle.exportKey('raw', publicKey))
}

/** ECDSA with SHA-256 over the text: r and s, 64 bytes, in base64url. */
export async function sign({ privateKey }, text) {
  return base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytesOf(text)))
}

export async function hashOf(text) {
  return base64url(await crypto.subtle.digest('SHA-256', bytesOf(text)))
}

/** The secret of the codes, which can count from then on and not be read. `algorithm`: SHA1, SHA256 or SHA512. */
export async function importSecret({ secret, algorithm }) {
  const hash = algorithm.replace('SHA', 'SHA-')
  return crypto.subtle.importKey('raw', fromBase32(secret), { name: 'HMAC', hash }, false, ['sign'])
}

export function bytesOf(text) {
  return new TextEncoder().encode(text)
}

export function base64url(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function fromBase64url(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
}

/** RFC 4648 section 6, without padding. */
function fromBase32(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const bytes = bits.match(/.{8}/g) ?? []
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2))
}
