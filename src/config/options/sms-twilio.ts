import { certificates } from '../files.ts'
import { plainText, secretText, wholeNumber } from '../kinds.ts'
import { accountSid } from '../provider-kinds.ts'
import { publicUrl } from '../urls.ts'
import type { Row } from './row.ts'

/** Texts through Twilio, or a provider that speaks its language. */
export const smsTwilioOptions = {
  'sms.twilio.account_sid': { kind: accountSid, meaning: 'The account.' },
  'sms.twilio.auth_token': {
    kind: secretText,
    secret: true,
    meaning: 'Its token, which signs our requests and the calls back.',
  },
  'sms.twilio.from': {
    kind: plainText('a number, a name, or a messaging service (MG…)'),
    meaning: 'The sender here, in place of `sms.from`.',
  },
  'sms.twilio.api_url': { kind: publicUrl, default: 'https://api.twilio.com', meaning: 'Where its API is.' },
  'sms.twilio.ca': {
    kind: certificates,
    meaning: "The CA of that API's certificate, where the system does not trust it.",
  },
  'sms.twilio.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '10',
    meaning: 'How long an answer may take.',
  },
} as const satisfies Record<string, Row>
