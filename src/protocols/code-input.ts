/** Longer than any code with a space after each digit; nothing longer is looked at. */
const LONGEST = 64

/** What parts the digits for the eye, and what a copied text carries unseen: zero-width spaces, writing directions. */
const BETWEEN_DIGITS = /[\s\p{White_Space}\p{Dash_Punctuation}\u2212\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const DIGIT = /^\p{Decimal_Number}$/u

/**
 * A one-time code as a person types it, in ASCII digits: spaces and dashes are left out, and the digits of any script
 * (full-width, Arabic-Indic, Devanagari ...) become 0 to 9. Undefined when anything else is in it, when there are not
 * `digits` digits (one of them, if several are given), or when the text is longer than 64 UTF-16 units.
 *
 * Every spelling of a code comes to one and the same text here, before it is counted, compared or spent.
 */
export function readCode(typed: string, digits: number | readonly number[]): string | undefined {
  if (typed.length > LONGEST) return undefined

  let code = ''
  for (const character of typed.replace(BETWEEN_DIGITS, '')) {
    if (!DIGIT.test(character)) return undefined
    code += digitValue(character)
  }
  return [digits].flat().includes(code.length) ? code : undefined
}

/** Unicode keeps the ten digits of a script together, zero first (Unicode Standard section 4.6); so it counts back. */
function digitValue(digit: string): number {
  const point = digit.codePointAt(0) ?? 0
  let first = point
  while (DIGIT.test(String.fromCodePoint(first - 1))) first--
  return (point - first) % 10
}
