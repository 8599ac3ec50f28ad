import { headers, oneOf, pattern, plainText, secretText, statusRanges, wholeNumber } from '../kinds.ts'
import { gatewayUrl } from '../urls.ts'
import type { Row } from './row.ts'

/** Texts by an HTTP request. */
export const smsHttpOptions = {
  'sms.http.url': {
    kind: gatewayUrl,
    discreet: true,
    meaning:
      'The address of the gateway. `{to}`, `{to_digits}`, `{text}`, `{from}`, `{id}`, `{username}` and `{password}` are filled in.',
  },
  'sms.http.method': { kind: oneOf('GET', 'POST', 'PUT'), default: 'POST', meaning: 'The HTTP method.' },
  'sms.http.headers': {
    kind: headers,
    discreet: true,
    meaning: 'Headers of the request, filled in as the address is.',
  },
  'sms.http.body': {
    kind: plainText('a text with {to} and {text} in it'),
    discreet: true,
    meaning: 'The body of the request, filled in as the address is.',
  },
  'sms.http.content_type': {
    kind: plainText('a media type, for example application/json'),
    meaning: 'The media type of the body, which also says how values are escaped in it.',
  },
  'sms.http.expect_status': {
    kind: statusRanges,
    default: '200-299',
    meaning: 'With which statuses the gateway says that it took the message.',
  },
  'sms.http.expect_body': {
    kind: pattern,
    meaning: 'What the answer must match as well, for gateways that answer 200 to everything.',
  },
  'sms.http.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '10',
    meaning: 'How long the gateway may take.',
  },
  'sms.http.username': {
    kind: plainText('a name'),
    meaning: 'For `{username}`; where no hole asks for it, name for HTTP Basic authentication.',
  },
  'sms.http.password': {
    kind: secretText,
    secret: true,
    meaning: 'For `{password}`, or for HTTP Basic authentication.',
  },
  'sms.http.from': { kind: plainText('a number or a name'), meaning: 'The sender here, in place of `sms.from`.' },
} as const satisfies Record<string, Row>
