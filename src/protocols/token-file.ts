import type { OtpAlgorithm, OtpDigits } from './hotp.ts'

/** A token as its maker's file tells of it. The codes are what `TokenProblem` says; the sentences are elsewhere. */
export type ImportedToken = {
  /** Where it begins in the file, from 1. */
  line: number
  serial: string | undefined
  /** The maker's name of the key (`Key/@Id`), which may be the serial number or anything else. */
  keyId: string | undefined
  manufacturer: string | undefined
  model: string | undefined
  /** Whom the file gives the token to: a user principal name, a distinguished name; as it stands there. */
  owner: string | undefined
  secret: Uint8Array
  algorithm: OtpAlgorithm
  digits: OtpDigits
  startsAt: Date | undefined
  expiresAt: Date | undefined
} & (
  | {
      kind: 'hotp'
      /** The next one to be used. */
      counter: number
    }
  | {
      kind: 'totp'
      /** Seconds. */
      period: number
      /** Steps by which the token's clock is ahead of ours (behind: below 0). */
      drift: number
    }
)

/** What is read of a file, in its order. After a problem of the file as a whole nothing more comes. */
export type TokenReading = { ok: true; token: ImportedToken } | { ok: false; line: number; problem: TokenProblem }

export type TokenProblem =
  // Of the file as a whole.
  | 'file.encoding'
  | 'file.too-big'
  | 'file.too-many'
  | 'xml.malformed'
  | 'xml.doctype'
  | 'xml.too-deep'
  | 'xml.too-long'
  | 'pskc.no-container'
  | 'pskc.version'
  | 'csv.malformed'
  | 'csv.header'
  | 'key.needed'
  | 'passphrase.needed'
  | 'key.wrong'
  | 'key.unsupported'
  | 'derivation.unsupported'
  | 'derivation.too-costly'
  | 'mac.unsupported'
  // Of one token.
  | 'token.empty'
  | 'algorithm.unsupported'
  | 'suite.unsupported'
  | 'response.unsupported'
  | 'policy.unsupported'
  | 'cipher.unsupported'
  | 'value.malformed'
  | 'text.too-long'
  | 'csv.columns'
  | 'serial.missing'
  | 'secret.missing'
  | 'secret.malformed'
  | 'secret.length'
  | 'mac.missing'
  | 'mac.wrong'

/** Ends the reading of a token, or of the file, inside the readers. It never leaves them. */
export class Unusable extends Error {
  readonly problem: TokenProblem
  readonly line: number | undefined

  constructor(problem: TokenProblem, line?: number) {
    super(problem)
    this.problem = problem
    this.line = line
  }
}

export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

/**
 * Bytes. RFC 4226 section 4 asks for 16 at least; but tokens and apps with secrets of 10 (16 letters of base 32) are
 * everywhere. 128 is what the longest hash's block takes without being hashed itself (RFC 2104 section 3).
 */
export const SECRET_BYTES = { shortest: 10, longest: 128 }

export function usableSecret(secret: Uint8Array): Uint8Array {
  if (secret.length < SECRET_BYTES.shortest || secret.length > SECRET_BYTES.longest) throw new Unusable('secret.length')
  return secret
}

/** Seconds in a step that a token may have. */
export function usablePeriod(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 10 || seconds > 300) throw new Unusable('value.malformed')
  return seconds
}

const LONGEST_TEXT = 256

/** A name or number as it may be kept and shown; undefined when there is none. */
export function usableText(text: string | undefined): string | undefined {
  const bare = text?.replace(/\s+/g, ' ').trim()
  if (bare !== undefined && bare.length > LONGEST_TEXT) throw new Unusable('text.too-long')
  // U+FFFD stands for bytes that were no text.
  if (bare !== undefined && /[\p{Cc}\ufffd]/u.test(bare)) throw new Unusable('value.malformed')
  return bare === '' ? undefined : bare
}
