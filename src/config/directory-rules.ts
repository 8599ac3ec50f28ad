import { isLoopback } from './addresses.ts'
import type { Values } from './options.ts'
import { needed, type Rule, together, unused } from './rule.ts'
import { ldapUrls } from './urls.ts'

/** Whether that kind of directory is asked for anything: passwords, or people to import. */
const asks = (kind: 'ldap' | 'windows') => (v: Values) =>
  v['directory.kind'] === kind || v['directory.people.from'] === kind

/** What the options of directories must agree on. */
export const directoryRules: readonly Rule[] = [
  ...needed('directory.kind', asks('ldap'), [
    'directory.ldap.url',
    'directory.ldap.bind_dn',
    'directory.ldap.bind_password',
    'directory.ldap.base_dn',
  ]),
  ...needed('directory.kind', asks('windows'), [
    'directory.windows.domain',
    'directory.windows.account',
    'directory.windows.password',
  ]),
  ...needed('directory.kind', (v) => v['directory.kind'] === 'radius', [
    'directory.radius.servers',
    'directory.radius.secret',
  ]),
  ...together('directory.radius2.servers', 'directory.radius2.secret'),

  unused('directory.kind', 'ldap', 'directory.ldap.', 'directory.people.from'),
  unused('directory.kind', 'windows', 'directory.windows.', 'directory.people.from'),
  unused('directory.kind', 'radius', 'directory.radius.'),
  unused('directory.kind', 'radius', 'directory.radius2.'),

  {
    about: ['directory.ldap.url', 'directory.ldap.start_tls'],
    broken({ 'directory.ldap.url': text = '', 'directory.ldap.start_tls': startTls }) {
      const plain = ldapUrls(text).filter(({ protocol }) => protocol === 'ldap:')
      if (startTls && text !== '' && plain.length === 0) {
        return {
          problem: 'The connection has TLS from its start, and start_tls asks for it again.',
          remedy: 'Remove directory.ldap.start_tls, or write ldap://.',
        }
      }
      if (startTls || plain.every(({ hostname }) => isLoopback(hostname))) return undefined
      return {
        problem: 'Passwords would cross the network in the clear.',
        remedy: 'Write ldaps://, or set directory.ldap.start_tls: true.',
      }
    },
  },
]
