import { readCode } from '../../../protocols/code-input.ts'
import { PIN_LENGTH } from '../../pin/rules.ts'
import { isNumber } from '../../prompts/number.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { OpenText } from './asked-text.ts'
import { CODE_DIGITS } from './send-code.ts'

const LENGTHS = Array.from({ length: CODE_DIGITS + PIN_LENGTH.longest }, (_, i) => i + 1)

/** What people put between a code and a PIN, or after them, beside spaces, line ends and dashes. */
const BETWEEN = /[.,;:/|+*#&"'()\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff0b\uff0f]/gu

/**
 * The digits of a reply, in ASCII, whatever script they are in and whatever parts them. Undefined where anything else is
 * in it, so that what a machine sends back by itself with our text in it ("could not be delivered: your code is …") is no
 * answer.
 */
export function readReply(text: string): string | undefined {
  // Bounded before it is copied: a reply may be as long as a provider lets it be.
  return text.length > 64 ? undefined : readCode(text.replace(BETWEEN, ' '), LENGTHS)
}

export function replyMac(sealing: Sealing, promptId: string, code: string): string {
  return sealing.mac('reply-code', promptId, code)
}

/** Whether the digits answer the question; `pin` is what is still to be judged, by a hash. */
export function matchOf(
  sealing: Sealing,
  { id, mode, number, codeMac }: OpenText,
  digits: string,
): { pin: string | undefined } | undefined {
  const isCode = (code: string) => codeMac !== undefined && sealing.macMatches(codeMac, 'reply-code', id, code)
  switch (mode) {
    case 'two-way':
      return digits.length === CODE_DIGITS && isCode(digits) ? { pin: undefined } : undefined
    case 'two-way-pin': {
      const pin = digits.slice(CODE_DIGITS)
      return pin !== '' && isCode(digits.slice(0, CODE_DIGITS)) ? { pin } : undefined
    }
    case 'two-way-number':
      return isNumber(number, digits) ? { pin: undefined } : undefined
    default:
      return undefined
  }
}
