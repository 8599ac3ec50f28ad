import { plainText } from '../kinds.ts'
import { namesInOrder, replySecret } from '../provider-kinds.ts'
import type { Row } from './row.ts'
import { second } from './second.ts'
import { smsHttpOptions } from './sms-http.ts'
import { smsSmppOptions } from './sms-smpp.ts'
import { smsTwilioOptions } from './sms-twilio.ts'

/** How text messages are sent, and how replies come in. */
export const smsOptions = {
  'sms.providers': {
    kind: namesInOrder('http', 'http2', 'smpp', 'smpp2', 'twilio', 'twilio2'),
    default: 'none',
    meaning:
      'Who sends text messages, in the order in which they are asked. http: a request to a gateway; smpp: a centre that speaks SMPP 3.4; twilio: Twilio, or one that speaks its language.',
  },
  'sms.from': { kind: plainText('a number or a name'), meaning: 'The sender of text messages; `{from}` for http.' },
  'sms.replies.secret': {
    kind: replySecret,
    secret: true,
    meaning:
      'Replies are taken over HTTP at /sms/kannel/SECRET and /sms/reply/SECRET. Without it they are not. SMPP and Twilio need none.',
  },
  ...smsHttpOptions,
  ...second(smsHttpOptions, 'sms.http', 'sms.http2'),
  ...smsSmppOptions,
  ...second(smsSmppOptions, 'sms.smpp', 'sms.smpp2'),
  ...smsTwilioOptions,
  ...second(smsTwilioOptions, 'sms.twilio', 'sms.twilio2'),
} as const satisfies Record<string, Row>
