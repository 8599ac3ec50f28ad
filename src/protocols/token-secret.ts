import { fromBase32 } from './base32.ts'
import { SECRET_BYTES } from './token-file.ts'

export type SecretProblem = 'missing' | 'malformed' | 'too-short' | 'too-long'
export type SecretReading = { ok: true; secret: Uint8Array } | { ok: false; problem: SecretProblem }

const GROUPING = /[\s\p{Pd}:]/gu

/**
 * A token's secret as its maker prints it: in base 32 or in hex, in groups or not.
 *
 * What could be both is read as hex: of sixteen letters of base 32, drawn at random, all are within A to F and 2 to 7
 * once in seven million times, while hex without 0, 1, 8 and 9 is common.
 */
export function readSecret(typed: string): SecretReading {
  const letters = typed.replace(GROUPING, '')
  if (letters === '') return { ok: false, problem: 'missing' }

  const hex = /^(?:[0-9a-f]{2})+$/i.test(letters)
  const secret = hex ? Buffer.from(letters, 'hex') : fromBase32(letters)
  if (!secret) return { ok: false, problem: 'malformed' }
  if (secret.length < SECRET_BYTES.shortest) return { ok: false, problem: 'too-short' }
  if (secret.length > SECRET_BYTES.longest) return { ok: false, problem: 'too-long' }
  return { ok: true, secret }
}
