import { Secret } from '../core/secrets/secret.ts'
import { isLoopback } from './addresses.ts'
import { type Kind, type Parsed, right, textKind, wrong } from './kind.ts'

/** `https://…`; `http://` on loopback only, where browsers take it for a secure context. */
export const publicUrl: Kind<URL> = textKind('an address, for example https://mfa.example.org', (text) => {
  const url = parseUrl(text)
  if (!url.ok) return url
  const { protocol, hostname } = url.value
  if (protocol === 'http:' && !isLoopback(hostname)) return wrong('People would reach it without TLS.')
  return protocol === 'https:' || protocol === 'http:' ? bare(url.value) : wrong('It does not start with https://.')
})

export const httpsUrl: Kind<URL> = textKind('an address that starts with https://', (text) => {
  const url = parseUrl(text)
  if (!url.ok) return url
  return url.value.protocol === 'https:' ? bare(url.value) : wrong('It does not start with https://.')
})

/** RFC 8292 section 2.1 takes `mailto:` and `https:`. */
export const contactAddress: Kind<string> = textKind(
  'a mail address, or an address that starts with https://',
  (text) => {
    if (/^[^\s@:/]{1,64}@[^\s@:/]{3,255}$/.test(text)) return right(`mailto:${text}`)
    return URL.parse(text)?.protocol === 'https:' ? right(text) : wrong('This is neither.')
  },
)

/** The text is kept as written: it may hold `{to}` and the like, which a URL would escape. */
export const gatewayUrl: Kind<string> = textKind('an address, for example https://gateway.example/send', (text) => {
  const url = parseUrl(text)
  if (!url.ok) return url
  const { protocol, host, username, password } = url.value
  if (protocol !== 'https:' && protocol !== 'http:') return wrong('It starts with neither https:// nor http://.')
  if (username !== '' || password !== '') return wrong('It holds a name or a password; they have options of their own.')
  return /[{}]|%7b/i.test(host) ? wrong('The host cannot be filled in.') : right(text)
})

/** One server or several, which are tried in this order. */
export const ldapUrl: Kind<string> = textKind(
  'an address or several with spaces between, for example ldaps://dc1.example.org',
  (text) => {
    const urls = ldapUrls(text)
    if (urls.length !== text.split(/\s+/).length) return wrong('This is not an address.')
    for (const { protocol, hostname, port, pathname, search, username, password } of urls) {
      if (protocol !== 'ldaps:' && protocol !== 'ldap:') return wrong('It starts with neither ldaps:// nor ldap://.')
      if (hostname === '') return wrong('It has no host.')
      if (port === '0') return wrong('There is no such port.')
      if (username !== '' || password !== '')
        return wrong('It holds a name or a password; they have options of their own.')
      if (pathname.length > 1 || search !== '')
        return wrong('It has more than host and port; the base has an option of its own.')
    }
    return right(text)
  },
)

export function ldapUrls(text: string): URL[] {
  return text.split(/\s+/).flatMap((part) => URL.parse(part) ?? [])
}

/** A secret as a whole: it holds the password. */
export const databaseUrl: Kind<Secret> = textKind('postgres://user:password@host/database', (text) => {
  const url = parseUrl(text)
  if (!url.ok) return url
  const { protocol } = url.value
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') return wrong('It does not start with postgres://.')
  return right(new Secret(text))
})

function parseUrl(text: string): Parsed<URL> {
  const url = URL.parse(text)
  return url ? right(url) : wrong('This is not an address.')
}

function bare(url: URL): Parsed<URL> {
  if (url.username !== '' || url.password !== '') return wrong('It holds a name or a password.')
  return url.search !== '' || url.hash !== '' ? wrong('It has a "?" or a "#".') : right(url)
}
