import { certificates } from '../files.ts'
import { flag, oneOf, plainText, secretText, wholeNumber } from '../kinds.ts'
import { hostName } from '../provider-kinds.ts'
import type { Row } from './row.ts'

const octet = wholeNumber(0, 255, 'the protocol')

/** Texts through a centre that speaks SMPP 3.4. */
export const smsSmppOptions = {
  'sms.smpp.host': { kind: hostName, meaning: 'The centre.' },
  'sms.smpp.port': { kind: wholeNumber(1, 65_535, 'a port'), meaning: 'Its port, mostly 2775, or 3550 with TLS.' },
  'sms.smpp.tls': {
    kind: flag,
    default: 'true',
    meaning: 'False sends password and codes readably: only on the same machine or through a tunnel.',
  },
  'sms.smpp.ca': {
    kind: certificates,
    meaning: "The CA of the centre's certificate, where the system does not trust it.",
  },
  'sms.smpp.system_id': { kind: plainText('up to 15 characters'), meaning: 'The name that we bind with.' },
  'sms.smpp.password': { kind: secretText, secret: true, meaning: 'Its password.' },
  'sms.smpp.system_type': { kind: plainText('up to 12 characters'), meaning: 'Where the centre asks for one.' },
  'sms.smpp.bind': {
    kind: oneOf('transceiver', 'separate', 'transmitter'),
    default: 'transceiver',
    meaning:
      'One connection for both directions; separate: one for each, for old centres; transmitter: replies do not come back.',
  },
  'sms.smpp.from': { kind: plainText('a number or a name'), meaning: 'The source address, in place of `sms.from`.' },
  'sms.smpp.source_ton': {
    kind: octet,
    meaning: 'Where the centre wants another type of number than `from` suggests.',
  },
  'sms.smpp.source_npi': { kind: octet, meaning: 'The same of the numbering plan.' },
  'sms.smpp.destination_ton': {
    kind: octet,
    default: '1',
    meaning: 'Type of number of the recipient; 1: international.',
  },
  'sms.smpp.destination_npi': { kind: octet, default: '1', meaning: 'Its numbering plan; 1: E.164.' },
  'sms.smpp.service_type': { kind: plainText('up to 5 characters'), meaning: 'Where the centre asks for one.' },
  'sms.smpp.alphabet': {
    kind: oneOf('gsm', 'latin1'),
    default: 'gsm',
    meaning: 'What the centre takes data_coding 0 for.',
  },
  'sms.smpp.long_texts': {
    kind: oneOf('parts', 'payload'),
    default: 'parts',
    meaning: 'How texts go that one message cannot hold: in parts with headers, or as one message_payload.',
  },
  'sms.smpp.receipts': { kind: flag, default: 'true', meaning: 'Ask the centre what became of each text.' },
  'sms.smpp.receipt_ids': {
    kind: oneOf('same', 'decimal', 'hexadecimal'),
    default: 'same',
    meaning: 'How ids stand in receipts: as they were given, or in the other of decimal and hexadecimal.',
  },
  'sms.smpp.window': {
    kind: wholeNumber(1, 1_000, 'messages'),
    default: '10',
    meaning: 'How many messages may be without their answer at a time.',
  },
  'sms.smpp.enquire_seconds': {
    kind: wholeNumber(1, 600, 'seconds'),
    default: '30',
    meaning: 'After so much silence the centre is asked whether it is there.',
  },
  'sms.smpp.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '10',
    meaning: 'How long the centre may take to connect, and for each answer.',
  },
} as const satisfies Record<string, Row>
