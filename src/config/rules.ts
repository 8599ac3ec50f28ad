import { isLoopback } from './addresses.ts'
import { providerRules } from './provider-rules.ts'
import { apart, needed, type Rule, together, unused } from './rule.ts'
import { ldapUrls } from './urls.ts'

export const rules: readonly Rule[] = [
  ...together('portal.tls.cert', 'portal.tls.key'),
  ...together('sdk.tls.cert', 'sdk.tls.key'),

  ...needed('sdk.client.use', (v) => v['sdk.client.use'], [
    'sdk.client.url',
    'sdk.client.username',
    'sdk.client.password',
  ]),
  ...needed('directory.kind', (v) => v['directory.kind'] === 'ldap', [
    'directory.ldap.url',
    'directory.ldap.bind_dn',
    'directory.ldap.bind_password',
    'directory.ldap.base_dn',
  ]),
  ...needed('directory.kind', (v) => v['directory.kind'] === 'radius', [
    'directory.radius.servers',
    'directory.radius.secret',
  ]),
  ...together('directory.radius2.servers', 'directory.radius2.secret'),
  ...needed('directory.kind', (v) => v['directory.kind'] === 'windows', [
    'directory.windows.domain',
    'directory.windows.account',
    'directory.windows.password',
  ]),
  ...needed('mail.smtp.host', (v) => v['mail.smtp.host'] !== undefined, ['mail.from']),
  ...together('mail.smtp.username', 'mail.smtp.password'),

  unused('sdk.client.use', 'true', 'sdk.client.'),
  unused('directory.kind', 'ldap', 'directory.ldap.'),
  unused('directory.kind', 'radius', 'directory.radius.'),
  unused('directory.kind', 'radius', 'directory.radius2.'),
  unused('directory.kind', 'windows', 'directory.windows.'),
  unused('mail.smtp.host', 'the mail server', 'mail.'),

  {
    about: ['portal.ssl_required', 'portal.trusted_proxies'],
    broken: (v) =>
      v['portal.ssl_required'] || v['portal.trusted_proxies'].length > 0
        ? undefined
        : {
            problem: 'The portal would serve people without TLS.',
            remedy: 'Name the proxy that ends TLS in portal.trusted_proxies, or remove the line.',
          },
  },
  {
    about: ['portal.url', 'portal.path'],
    broken({ 'portal.url': url, 'portal.path': path }) {
      if (!url || url.pathname === '/' || url.pathname.replace(/\/?$/, '/') === path) return undefined
      return {
        problem: `Its path is another than portal.path, which is ${path}.`,
        remedy: 'Write scheme and host only, or change portal.path.',
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
  ...providerRules,
  {
    about: ['mail.smtp.tls', 'mail.smtp.host', 'mail.smtp.password'],
    broken({ 'mail.smtp.tls': tls, 'mail.smtp.host': hosts = [], 'mail.smtp.password': password }) {
      if (tls !== 'none' || !password || hosts.every(isLoopback)) return undefined
      return {
        problem: 'The password would cross the network in the clear.',
        remedy: 'Use starttls or implicit, or hand mails in without a password.',
      }
    },
  },
  ...apart('sdk.listen', 'portal.listen'),
  ...apart('health.listen', 'portal.listen'),
  ...apart('health.listen', 'sdk.listen'),
  ...apart('callbacks.listen', 'portal.listen'),
  ...apart('callbacks.listen', 'sdk.listen'),
  ...apart('health.listen', 'callbacks.listen'),
]
