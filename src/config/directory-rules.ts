import { isLoopback } from './addresses.ts'
import type { Values } from './options.ts'
import { radiusRules } from './radius-rules.ts'
import { needed, type Rule, together, unused } from './rule.ts'
import { ldapUrls } from './urls.ts'
import { windowsRules } from './windows-rules.ts'

/** Whether it is asked for anything: passwords, or people to import. */
const asksLdap = (v: Values) => v['directory.kind'] === 'ldap' || v['directory.people.from'] === 'ldap'

/** What the options of directories must agree on. */
export const directoryRules: readonly Rule[] = [
  ...needed('directory.kind', asksLdap, ['directory.ldap.url']),
  ...needed('directory.kind', (v) => asksLdap(v) && v['directory.ldap.bind'] === 'simple', [
    'directory.ldap.bind_dn',
    'directory.ldap.bind_password',
  ]),
  ...needed('directory.kind', asksLdap, ['directory.ldap.base_dn']),
  ...needed('directory.ldap.bind', (v) => v['directory.ldap.bind'] === 'certificate', [
    'directory.ldap.tls.cert',
    'directory.ldap.tls.key',
  ]),
  ...together('directory.ldap.tls.cert', 'directory.ldap.tls.key'),
  ...windowsRules,
  ...radiusRules,

  unused('directory.kind', 'ldap', 'directory.ldap.', 'directory.people.from'),
  unused('directory.kind', 'windows', 'directory.windows.', 'directory.people.from'),

  ...(['directory.groups.enrolment', 'directory.groups.service_accounts'] as const).map(
    (group): Rule => ({
      about: [group, 'directory.kind'],
      broken({ 'directory.kind': kind }, given) {
        if (!given.has(group) || kind === 'windows' || kind === 'ldap') return undefined
        return {
          problem: 'The directory that checks passwords is not asked for groups.',
          remedy: 'Remove it, or set directory.kind to windows or ldap.',
        }
      },
    }),
  ),

  {
    about: ['directory.ldap.bind', 'directory.ldap.bind_dn', 'directory.ldap.bind_password'],
    broken({ 'directory.ldap.bind': bind }, given) {
      const unused = (['directory.ldap.bind_dn', 'directory.ldap.bind_password'] as const).find((path) =>
        given.has(path),
      )
      if (bind === 'simple' || !unused) return undefined
      return { problem: `A bind of that kind does not use ${unused}.`, remedy: 'Remove it, or write simple.' }
    },
  },
  {
    about: ['directory.ldap.bind', 'directory.ldap.url', 'directory.ldap.start_tls'],
    broken({ 'directory.ldap.bind': bind, 'directory.ldap.url': text = '', 'directory.ldap.start_tls': startTls }) {
      if (bind !== 'certificate' || startTls || ldapUrls(text).every(({ protocol }) => protocol === 'ldaps:'))
        return undefined
      return {
        problem: 'A certificate is shown under TLS only, and a server of these is asked in the clear.',
        remedy: 'Write ldaps://, or set directory.ldap.start_tls: true.',
      }
    },
  },
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
