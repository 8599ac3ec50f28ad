import type { Values } from './options.ts'
import { needed, type Rule, together, unused } from './rule.ts'

const isRadius = (values: Values) => values['directory.kind'] === 'radius'
const isUdp = (values: Values) => values['directory.radius.transport'] === 'udp'

/** What the options of RADIUS servers must agree on. Over TLS their secret is public, and need not be given. */
export const radiusRules: readonly Rule[] = [
  ...needed('directory.kind', isRadius, ['directory.radius.servers']),
  ...needed('directory.kind', (values) => isRadius(values) && isUdp(values), ['directory.radius.secret']),
  ...needed(
    'directory.radius2.servers',
    (values) => values['directory.radius2.servers'] !== undefined && isUdp(values),
    ['directory.radius2.secret'],
  ),
  ...needed('directory.radius2.secret', (values) => values['directory.radius2.secret'] !== undefined, [
    'directory.radius2.servers',
  ]),
  ...together('directory.radius.tls.cert', 'directory.radius.tls.key'),
  unused('directory.kind', 'radius', 'directory.radius.'),
  unused('directory.kind', 'radius', 'directory.radius2.'),
  {
    about: ['directory.radius.transport', 'directory.radius.tls.ca', 'directory.radius.tls.cert'],
    broken: (values, given) =>
      isUdp(values) && (given.has('directory.radius.tls.ca') || given.has('directory.radius.tls.cert'))
        ? {
            problem: 'Certificates are given, and passwords would go over UDP.',
            remedy: 'Write directory.radius.transport: tls, or remove directory.radius.tls.',
          }
        : undefined,
  },
  {
    about: ['directory.radius.change_expired', 'directory.radius.method'],
    broken: (values) =>
      values['directory.radius.change_expired'] && values['directory.radius.method'] === 'pap'
        ? {
            problem: 'By PAP no server says that a password is expired, nor takes another.',
            remedy: 'Write directory.radius.method: ms-chap-v2, or remove this.',
          }
        : undefined,
  },
]
