import { addressText, isLoopback } from './addresses.ts'
import type { OptionPath, Values } from './options.ts'
import { optionPaths } from './options.ts'
import { ldapUrls } from './urls.ts'

export type Given = ReadonlySet<OptionPath>

/**
 * What options must agree on. `about` are the options involved, the one to point at first; when one of them could not
 * be understood the rule is silent, or one mistake would be told twice.
 */
export type Rule = {
  about: readonly [OptionPath, ...OptionPath[]]
  broken(values: Values, given: Given): { problem: string; remedy: string } | undefined
}

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
  ...needed('sms.provider', (v) => v['sms.provider'] === 'http', ['sms.http.url']),

  unused('sdk.client.use', 'true', 'sdk.client.'),
  unused('directory.kind', 'ldap', 'directory.ldap.'),
  unused('sms.provider', 'http', 'sms.http.'),

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
  {
    about: ['sms.http.url', 'sms.http.body', 'sms.http.headers'],
    broken({ 'sms.http.url': url, 'sms.http.body': body = '', 'sms.http.headers': headers = {} }) {
      if (url === undefined) return undefined
      // A gateway takes a request without number or text gladly, and nobody gets a code.
      const request = [url, body, ...Object.values(headers)].join('\n')
      const missing = [/\{to(_digits)?\}/.test(request) ? '' : '{to}', request.includes('{text}') ? '' : '{text}']
      const holes = missing.filter((hole) => hole !== '').join(' nor ')
      if (holes === '') return undefined
      return {
        problem: `Neither address, body nor headers hold ${holes}.`,
        remedy: 'Put it where the gateway expects it, mostly in sms.http.body.',
      }
    },
  },
  ...apart('sdk.listen', 'portal.listen'),
  ...apart('health.listen', 'portal.listen'),
  ...apart('health.listen', 'sdk.listen'),
]

function together(one: OptionPath, other: OptionPath): Rule[] {
  const pair = (has: OptionPath, lacks: OptionPath): Rule => ({
    about: [has, lacks],
    broken: (_, given) =>
      given.has(has) && !given.has(lacks)
        ? { problem: `It is given without ${lacks}.`, remedy: `Give ${lacks} as well, or remove this.` }
        : undefined,
  })
  return [pair(one, other), pair(other, one)]
}

function needed(choice: OptionPath, chosen: (values: Values) => boolean, paths: readonly OptionPath[]): Rule[] {
  return paths.map((path) => ({
    about: [choice, path],
    broken: (values, given) =>
      chosen(values) && !given.has(path)
        ? { problem: `It asks for ${path}, which is not given.`, remedy: `Give ${path}.` }
        : undefined,
  }))
}

/** Someone who writes a section and forgets its switch believes that it is in use. */
function unused(choice: OptionPath, on: string, section: string): Rule {
  const below = optionPaths.filter((path) => path.startsWith(section) && path !== choice)
  return {
    about: [choice, ...below],
    broken(_, given) {
      const first = below.find((path) => given.has(path))
      if (!first || given.has(choice)) return undefined
      return {
        problem: `Nothing uses ${first} while ${choice} is not given.`,
        remedy: `Set ${choice}: ${on}, or say otherwise there.`,
      }
    },
  }
}

function apart(one: 'sdk.listen' | 'health.listen', other: 'portal.listen' | 'sdk.listen'): Rule[] {
  const broken: Rule['broken'] = (values) => {
    const [a, b] = [values[one], values[other]]
    if (!a || !b || a === 'off' || b.port === 0 || addressText(a) !== addressText(b)) return undefined
    return { problem: `${other} has the same address.`, remedy: 'Choose another port for one of the two.' }
  }
  return [{ about: [one, other], broken }]
}
