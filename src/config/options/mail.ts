import { certificates } from '../files.ts'
import { oneOf, plainText, secretText, wholeNumber } from '../kinds.ts'
import { hosts, mailAddress, mailbox, port } from '../mail-kinds.ts'
import type { Row } from './row.ts'

/** How mails are sent. */
export const mailOptions = {
  'mail.from': {
    kind: mailbox,
    meaning: 'The sender. Without a name before the address, mail programs show the name of the organisation.',
  },
  'mail.reply_to': { kind: mailAddress, meaning: 'Where replies go, if not to the sender.' },
  'mail.smtp.host': {
    kind: hosts,
    meaning: 'The mail server; with several, the next one when the first does not answer. Without one no mail is sent.',
  },
  'mail.smtp.tls': {
    kind: oneOf('starttls', 'implicit', 'none'),
    default: 'starttls',
    meaning:
      'starttls: change to TLS after connecting, and send nothing where the server cannot. implicit: TLS from the start. none: in the clear.',
  },
  'mail.smtp.port': {
    kind: port,
    meaning: 'Its port. Unless given 587, with implicit 465, with none 25.',
  },
  'mail.smtp.ca': {
    kind: certificates,
    meaning: "The CA of the mail server's certificate, where the system does not trust it.",
  },
  'mail.smtp.username': { kind: plainText('a name'), meaning: 'The account that mails are handed in with.' },
  'mail.smtp.password': { kind: secretText, secret: true, meaning: 'Its password.' },
  'mail.smtp.timeout_seconds': {
    kind: wholeNumber(1, 300, 'seconds'),
    default: '60',
    meaning: 'How long the mail server may take for one mail.',
  },
} as const satisfies Record<string, Row>
