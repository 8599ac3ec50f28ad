import type { Text } from '../../../core/delivery/text-sender.ts'
import { toSeptets, toUcs2 } from '../../../protocols/gsm0338.ts'
import { encodeSubmitSm, esmClass, type SmppAddress } from '../../../protocols/smpp-message.ts'
import { type Alphabet, alphabetOf, concatenationHeader, splitText } from '../../../protocols/sms-segments.ts'
import type { SmppConfig } from './smpp-config.ts'
import { SmppRefusal } from './smpp-failure.ts'

/** UCS-2 in SMPP 3.4 section 5.2.19; the other alphabet is the centre's default, which is 0. */
const UCS2 = 0x08
/** Section 5.2.17: a receipt whether it was delivered or not. */
const ALWAYS = 0x01

/** The bodies of the submit_sm that carry one text, in order. Throws SmppRefusal for a text or number that cannot be sent. */
export function messagesOf({ to, body }: Text, config: SmppConfig, reference: number): Uint8Array[] {
  if (!/^\+[1-9]\d{5,14}$/.test(to)) throw new SmppRefusal('not a number in E.164')
  const text = body.toWellFormed()
  const alphabet = alphabetFor(text, config)
  const common = {
    serviceType: config.serviceType ?? '',
    source: sourceOf(config),
    destination: { ton: config.destinationTon ?? 1, npi: config.destinationNpi ?? 1, address: to.slice(1) },
    registeredDelivery: config.receipts === false ? 0 : ALWAYS,
    dataCoding: alphabet === 'ucs2' ? UCS2 : 0,
  }
  const encode = (part: string) => encoded(part, alphabet, config)
  const parts = partsOf(text, alphabet)
  const [only] = parts
  if (only !== undefined && parts.length === 1) {
    return [encodeSubmitSm({ ...common, esmClass: 0, message: encode(only) })]
  }
  if (config.longTexts === 'payload') {
    return [encodeSubmitSm({ ...common, esmClass: 0, message: Buffer.alloc(0), payload: encode(text) })]
  }
  return parts.map((part, index) => {
    const header = concatenationHeader({ reference, total: parts.length, place: index + 1 })
    return encodeSubmitSm({ ...common, esmClass: esmClass.header, message: Buffer.concat([header, encode(part)]) })
  })
}

function partsOf(text: string, alphabet: Alphabet): string[] {
  try {
    return splitText(text, alphabet)
  } catch (error) {
    if (error instanceof RangeError) throw new SmppRefusal(error.message)
    throw error
  }
}

/** A centre whose default is Latin-1 makes GSM of it: what it gets has to be in both. */
function alphabetFor(text: string, { defaultAlphabet }: SmppConfig): Alphabet {
  return defaultAlphabet === 'latin1' && /[^\0-\xff]/.test(text) ? 'ucs2' : alphabetOf(text)
}

function encoded(part: string, alphabet: Alphabet, { defaultAlphabet }: SmppConfig): Uint8Array {
  if (alphabet === 'ucs2') return toUcs2(part)
  return defaultAlphabet === 'latin1' ? Buffer.from(part, 'latin1') : (toSeptets(part) ?? toUcs2(part))
}

function sourceOf({ from, sourceTon, sourceNpi }: SmppConfig): SmppAddress {
  const usual = from.startsWith('+') ? { ton: 1, npi: 1 } : /^\d+$/.test(from) ? { ton: 3, npi: 0 } : { ton: 5, npi: 0 }
  return { ton: sourceTon ?? usual.ton, npi: sourceNpi ?? usual.npi, address: from.replace(/^\+/, '') }
}
