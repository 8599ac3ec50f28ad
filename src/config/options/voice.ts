import { address } from '../addresses.ts'
import { certificates, existingFile } from '../files.ts'
import { secretText, wholeNumber } from '../kinds.ts'
import { accountSid, namesInOrder, phoneNumber } from '../provider-kinds.ts'
import { publicUrl } from '../urls.ts'
import type { Row } from './row.ts'
import { second } from './second.ts'

const twilio = {
  'voice.twilio.account_sid': { kind: accountSid, meaning: 'The account.' },
  'voice.twilio.auth_token': {
    kind: secretText,
    secret: true,
    meaning: 'Its token, which signs our requests and the calls back.',
  },
  'voice.twilio.from': { kind: phoneNumber, meaning: 'The number that people see.' },
  'voice.twilio.api_url': { kind: publicUrl, default: 'https://api.twilio.com', meaning: 'Where its API is.' },
  'voice.twilio.ca': {
    kind: certificates,
    meaning: "The CA of that API's certificate, where the system does not trust it.",
  },
  'voice.twilio.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '10',
    meaning: 'How long an answer may take.',
  },
} as const satisfies Record<string, Row>

/** Who places calls, and where providers of calls and texts call back. */
export const voiceOptions = {
  'voice.providers': {
    kind: namesInOrder('twilio', 'twilio2'),
    default: 'none',
    meaning: 'Who places phone calls, in the order in which they are asked: Twilio, or one that speaks its language.',
  },
  ...twilio,
  ...second(twilio, 'voice.twilio', 'voice.twilio2'),

  'callbacks.url': {
    kind: publicUrl,
    meaning: 'Where providers reach us, where that is another address than `portal.url`. Scheme and host only.',
  },
  'callbacks.listen': {
    kind: address,
    meaning:
      'A listener of their own for what providers call back; without one it is served beside the portal. In plain HTTP on loopback, for a proxy on the same machine.',
  },
  'callbacks.tls.cert': {
    kind: existingFile,
    meaning: "PEM file with that listener's certificate and its chain. Without one Sallyport makes its own.",
  },
  'callbacks.tls.key': { kind: existingFile, meaning: 'PEM file with the key of that certificate.' },
} as const satisfies Record<string, Row>
