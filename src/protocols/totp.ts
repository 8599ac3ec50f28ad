import { timingSafeEqual } from 'node:crypto'
import { hotp, type OtpAlgorithm, type OtpDigits } from './hotp.ts'

/** The number of the time step that a moment lies in (RFC 6238 section 4.2, T0 = 0). */
export function stepAt(at: Date, periodSeconds: number): number {
  return Math.floor(at.getTime() / 1000 / periodSeconds)
}

type Totp = { secret: Uint8Array; step: number; algorithm: OtpAlgorithm; digits: OtpDigits }

/** The one-time password of a time step. */
export function totp({ secret, step, algorithm, digits }: Totp): string {
  return hotp({ secret, counter: step, algorithm, digits })
}

type Search = {
  secret: Uint8Array
  /** ASCII digits, as `readCode` gives them. */
  code: string
  at: Date
  /** Seconds. */
  period: number
  digits: OtpDigits
  algorithm: OtpAlgorithm
  /** Steps before and after the present one that are accepted too. */
  window: number
}

/**
 * The step whose code was typed, within `window` steps of now, or undefined. Of two steps with the same code the newer
 * one: whoever spends a step then spends both.
 *
 * Whether, and at which step, a code matches does not show in the time this takes: every step is computed and compared.
 * A match is not yet an acceptance: the caller must spend the step (RFC 6238 section 5.2), once, in one statement.
 */
export function matchingStep({ secret, code, at, period, digits, algorithm, window }: Search): number | undefined {
  const typed = Buffer.from(code)
  if (typed.length !== digits) return undefined

  const now = stepAt(at, period)
  let found: number | undefined
  for (let step = now - window; step <= now + window; step++) {
    // A clock near 1970 must not make an exception of a wrong code.
    const expected = totp({ secret, step: Math.max(0, step), algorithm, digits })
    if (timingSafeEqual(Buffer.from(expected), typed)) found = Math.max(0, step)
  }
  return found
}
