import { isLoopback } from './addresses.ts'
import { directoryRules } from './directory-rules.ts'
import { providerRules } from './provider-rules.ts'
import { apart, needed, type Rule, together, unused } from './rule.ts'

export const rules: readonly Rule[] = [
  ...together('portal.tls.cert', 'portal.tls.key'),
  ...together('sdk.tls.cert', 'sdk.tls.key'),

  ...needed('sdk.client.use', (v) => v['sdk.client.use'], [
    'sdk.client.url',
    'sdk.client.username',
    'sdk.client.password',
  ]),
  ...needed('mail.smtp.host', (v) => v['mail.smtp.host'] !== undefined, ['mail.from']),
  ...together('mail.smtp.username', 'mail.smtp.password'),

  unused('sdk.client.use', 'true', 'sdk.client.'),
  unused('mail.smtp.host', 'the mail server', 'mail.'),

  {
    about: ['portal.integrated.header', 'portal.integrated.proxies'],
    broken: ({ 'portal.integrated.header': header, 'portal.integrated.proxies': proxies }) =>
      (header === undefined) === (proxies.length === 0)
        ? undefined
        : {
            problem: 'Header and proxies belong together: anybody can send a header.',
            remedy: 'Give both portal.integrated.header and portal.integrated.proxies, or neither.',
          },
  },
  {
    about: ['portal.integrated.header', 'directory.kind'],
    broken: ({ 'portal.integrated.header': header, 'directory.kind': kind }) =>
      header === undefined || kind !== 'radius'
        ? undefined
        : {
            problem: 'Whom the proxy has proven is looked up in the directory, and RADIUS servers look nobody up.',
            remedy: 'Set directory.kind: windows (or ldap), or remove the header.',
          },
  },
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
  ...directoryRules,
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
