import type { Random } from '../ports.ts'

const MASTER_KEY_BYTES = 32

/**
 * A master key as an operator gives it: base64 (either alphabet, with or without `=`) of 32 bytes, or 64 hexadecimal
 * digits. The complaint says nothing of what the text was.
 */
export function parseMasterKey(text: string): { ok: true; key: Uint8Array } | { ok: false; complaint: string } {
  const bare = text.trim()
  if (/^[0-9a-f]{64}$/i.test(bare)) return { ok: true, key: Buffer.from(bare, 'hex') }

  const letters = bare.replace(/=$/, '').replaceAll('+', '-').replaceAll('/', '_')
  const key = Buffer.from(letters, 'base64url')
  // Read back, since Node's decoder leaves out what it does not know.
  if (key.length === MASTER_KEY_BYTES && key.toString('base64url') === letters) return { ok: true, key }
  return { ok: false, complaint: 'A master key is base64 of 32 bytes (44 characters) or 64 hexadecimal digits.' }
}

export function newMasterKey(random: Pick<Random, 'bytes'>): Uint8Array {
  return random.bytes(MASTER_KEY_BYTES)
}

/** As `parseMasterKey` reads it, and as `openssl rand -base64 32` writes it. */
export function masterKeyText(key: Uint8Array): string {
  return Buffer.from(key).toString('base64')
}
