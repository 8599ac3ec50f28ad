import { certificates, privateKey } from '../files.ts'
import { flag, oneOf, secretText, wholeNumber } from '../kinds.ts'
import { domains, ipAddress, nasIdentifier, servers, waiver } from '../radius-kinds.ts'
import type { Row } from './row.ts'
import { second } from './second.ts'

const serverOptions = {
  'directory.radius.servers': {
    kind: servers,
    meaning: 'The RADIUS servers, in the order in which they are asked. The port is 1812 unless given, over TLS 2083.',
  },
  'directory.radius.secret': {
    kind: secretText,
    secret: true,
    meaning:
      'The secret that they share with us. At least 16 characters of chance: it can be guessed from what is sent. Over TLS radsec unless given.',
  },
} as const satisfies Record<string, Row>

/** How RADIUS servers are asked. The second kind of servers has a secret of its own. */
export const directoryRadiusOptions = {
  ...serverOptions,
  ...second(serverOptions, 'directory.radius', 'directory.radius2'),
  'directory.radius.transport': {
    kind: oneOf('udp', 'tls'),
    default: 'udp',
    meaning: 'How they are reached: over UDP, or over TLS (RadSec), where nobody between sees or changes anything.',
  },
  'directory.radius.tls.ca': {
    kind: certificates,
    meaning: "The CA of the servers' certificates, where the system does not trust it.",
  },
  'directory.radius.tls.cert': { kind: certificates, meaning: 'Our certificate, by which the servers know us.' },
  'directory.radius.tls.key': { kind: privateKey, meaning: 'Its key, which needs no password.' },
  'directory.radius.method': {
    kind: oneOf('pap', 'ms-chap-v2'),
    default: 'pap',
    meaning:
      'pap: the password itself, hidden by the secret. ms-chap-v2: a proof of it, and the server proves that it knows it too.',
  },
  'directory.radius.change_expired': {
    kind: flag,
    default: 'false',
    meaning:
      'People may change a password that is expired (MS-CHAP2-CPW, by ms-chap-v2 alone). The servers must be set up for it.',
  },
  'directory.radius.names': {
    kind: oneOf('bare', 'whole'),
    default: 'bare',
    meaning:
      'bare: a name stands alone, or with one of directory.radius.domains. whole: names are taken as they are, such as mail addresses.',
  },
  'directory.radius.domains': {
    kind: domains,
    default: '',
    meaning: 'Domains that may stand with a bare name, and mean the same person: CORP\\ann, ann@corp.example.org.',
  },
  'directory.radius.nas_identifier': {
    kind: nasIdentifier,
    default: 'sallyport',
    meaning: 'What we call ourselves: NAS-Identifier.',
  },
  'directory.radius.nas_address': { kind: ipAddress, meaning: 'NAS-IP-Address, where a server wants one.' },
  'directory.radius.message_authenticator_waived': {
    kind: waiver,
    meaning:
      'Why answers without Message-Authenticator are believed. Then whoever sits between can let in whom they like (CVE-2024-3596). Without a reason they are dropped.',
  },
  'directory.radius.wait_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '2',
    meaning: 'When a request is sent again; each wait after that is twice as long.',
  },
  'directory.radius.sendings': {
    kind: wholeNumber(1, 6, 'sendings'),
    default: '3',
    meaning: 'How often a request is sent to a server before the next one is asked.',
  },
  'directory.radius.rest_seconds': {
    kind: wholeNumber(0, 3600, 'seconds'),
    default: '60',
    meaning:
      'How long a server that did not answer is asked only after all others. One that answers Status-Server: until it does again.',
  },
  'directory.radius.status_server': {
    kind: flag,
    default: 'true',
    meaning:
      'Servers are asked whether they are there (Status-Server, RFC 5997) where there is more than one. One that never answers that is asked it once an hour.',
  },
} as const satisfies Record<string, Row>
