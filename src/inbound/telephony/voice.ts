import { type SpokenLine, spoken } from '../../i18n/spoken.ts'
import type { Fields } from '../../protocols/twilio-signature.ts'
import { type Prompt, twiml } from '../../protocols/twiml.ts'
import type { CallEnd, CallStep } from './calls.ts'
import { one } from './fields.ts'

export const hangUp = twiml([{ verb: 'hangup' }])

/** Marks an address that is called after a # that is not among the digits. */
const HASH_DROPPED = 'hash=dropped'

/**
 * The step as TwiML; `next` is the address of the one after it, which is told the keys, or their absence.
 *
 * `<Gather>` drops the # that ends it, and takes # alone for silence. Where # alone is an answer, nothing ends the waiting
 * but the number of keys and the pause after them, and # comes as a key like others.
 */
export function twimlOf({ language, say, after }: CallStep, next: string): string {
  const prompts = say.map((line) => promptOf(language, line))
  if (after.kind === 'hang-up') return twiml([...prompts, { verb: 'hangup' }])
  const { seconds, mostKeys, hashAlone } = after
  const gather = hashAlone
    ? ({ action: next, timeout: seconds, finishOnKey: '', numDigits: mostKeys + 1 } as const)
    : ({ action: `${next}?${HASH_DROPPED}`, timeout: seconds, finishOnKey: '#', numDigits: mostKeys } as const)
  return twiml([
    { verb: 'gather', gather, prompts },
    { verb: 'redirect', url: next },
  ])
}

function promptOf(language: string, line: SpokenLine): Prompt {
  if (line.recording !== undefined) return { verb: 'play', url: line.recording }
  return { verb: 'say', text: spoken.sentence(language, line), language: spoken.voice(language) }
}

/**
 * What was pressed, with the # that ended it. Twilio says in `FinishedOnKey` what ended the waiting; where a provider
 * does not, digits that came to an address for a dropped # are taken to have had one.
 */
export function keysIn(fields: Fields, search: string): string {
  const digits = one(fields, 'Digits') ?? ''
  if (digits === '') return ''
  if (digits.includes('#')) return digits.slice(0, digits.indexOf('#') + 1)
  return search === `?${HASH_DROPPED}` ? digits + (one(fields, 'FinishedOnKey') ?? '#') : digits
}

/** Undefined while the call is not over. SIP 603 is "Decline" (RFC 3261 section 21.6.2). */
export function endIn(fields: Fields): CallEnd | undefined {
  switch (one(fields, 'CallStatus')) {
    case 'completed':
      return 'hung-up'
    case 'busy':
      return one(fields, 'SipResponseCode') === '603' ? 'declined' : 'busy'
    case 'no-answer':
    case 'canceled':
      return 'no-answer'
    case 'failed':
      return 'unreachable'
  }
  return undefined
}
