import {
  type CountryCode,
  isSupportedCountry,
  ParseError,
  parsePhoneNumberFromString,
  parsePhoneNumberWithError,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max'
import type { z } from 'zod'
import type { PhoneProblem } from '../../contract/factors.ts'

type Problem = z.infer<typeof PhoneProblem>
export type ParsedPhone = { ok: true; e164: string; country: string | undefined } | { ok: false; problem: Problem }

/**
 * A phone number as a person types it: with or without the country code, with spaces, dashes, brackets, full-width digits.
 * `country` is used only where the number does not begin with + or 00. Numbers that no phone can have are refused.
 */
export function parsePhone(typed: string, country: string, allowed: readonly string[]): ParsedPhone {
  const text = typed
    .normalize('NFKC')
    .trim()
    .replace(/^00(?=[1-9])/, '+')
  if (text === '') return { ok: false, problem: 'missing' }
  if (!isSupportedCountry(country)) return { ok: false, problem: 'impossible' }
  try {
    const number = parsePhoneNumberWithError(text, { defaultCountry: country as CountryCode, extract: false })
    if (number.ext) return { ok: false, problem: 'not-a-number' }
    if (!number.isPossible() || !number.isValid())
      return { ok: false, problem: lengthProblem(text, country) ?? 'impossible' }
    // Toll fraud: the caller's own line, at so much a text.
    if (number.getType() === 'PREMIUM_RATE') return { ok: false, problem: 'impossible' }
    if (allowed.length > 0 && !(number.country && allowed.includes(number.country))) {
      return { ok: false, problem: 'country-not-allowed' }
    }
    return { ok: true, e164: number.number, country: number.country }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { ok: false, problem: parseProblems[error.message] ?? 'not-a-number' }
  }
}

const parseProblems: Record<string, Problem> = {
  TOO_SHORT: 'too-short',
  TOO_LONG: 'too-long',
  INVALID_LENGTH: 'impossible',
  INVALID_COUNTRY: 'impossible',
  NOT_A_NUMBER: 'not-a-number',
}

function lengthProblem(text: string, country: string): Problem | undefined {
  const problem = validatePhoneNumberLength(text, country as CountryCode)
  return problem === undefined ? undefined : parseProblems[problem]
}

/** Up to eight digits, in ASCII; empty for none. Undefined for what is no extension. */
export function readExtension(typed: string): string | undefined {
  const text = typed.normalize('NFKC').replace(/[\s-]/g, '')
  return /^\d{0,8}$/.test(text) ? text : undefined
}

/** In the grouping of its country: `+1 206 555 0177`. */
export function readablePhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164
}

/** Enough to recognise one's own phone by, too little for anyone else: `•••• ••01 77`. */
export function maskedPhone(e164: string): string {
  const tail = e164.slice(-4)
  return `•••• ••${tail.slice(0, 2)} ${tail.slice(2)}`
}

export function countryOf(e164: string): string | undefined {
  return parsePhoneNumberFromString(e164)?.country
}

/** The digits after the country code, as they are written at home. */
export function nationalPhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatNational() ?? e164
}
