import { hostPatterns } from '../hosts.ts'
import { flag } from '../kinds.ts'
import { contactAddress, publicUrl } from '../urls.ts'
import type { Row } from './row.ts'

/** The mobile app, and how its devices are woken up. */
export const appOptions = {
  'app.url': {
    kind: publicUrl,
    meaning:
      'Where people reach the mobile app, if not at the host of `portal.url`; the app is at /authenticator/ there.',
  },
  'push.hosts': {
    kind: hostPatterns,
    default: '',
    meaning:
      'Push services that devices may be woken up through, beside those of Chrome, Firefox, Edge and Safari: `push.example.org` or `*.push.example.org`.',
  },
  'push.contact': {
    kind: contactAddress,
    meaning: 'Whom a push service may write to: a mail address or an https address. Without it `portal.url` is told.',
  },
  'push.loopback': {
    kind: flag,
    default: 'false',
    meaning: 'Also push to plain HTTP on this machine. For tests.',
  },
} as const satisfies Record<string, Row>
