import { isIP } from 'node:net'
import { Secret } from '../core/secrets/secret.ts'
import { type Kind, right, textKind, wrong } from './kind.ts'

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`, 'i')
const CONTROLLER = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::([0-9]{1,5}))?$`, 'i')
const SUFFIX = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i')
/** What Windows lets a short name have, of what DNS lets through too. */
const NETBIOS = /^[a-z0-9][a-z0-9_-]{0,14}$/i

export const domainName: Kind<string> = textKind('a DNS name, for example corp.example.org', (text) => {
  return DOMAIN.test(text) ? right(text.toLowerCase()) : wrong('This is not the DNS name of a domain.')
})

export const netbiosName: Kind<string> = textKind('up to 15 letters and digits, for example CORP', (text) => {
  return NETBIOS.test(text) ? right(text.toUpperCase()) : wrong('This is not the short name of a domain.')
})

/** As the wizard that makes a domain proposes it. */
export function netbiosOf(domain: string): string {
  return (domain.split('.')[0] ?? domain).slice(0, 15).toUpperCase()
}

function isController(text: string): boolean {
  const [whole, port = '389'] = CONTROLLER.exec(text) ?? []
  return whole !== undefined && Number(port) >= 1 && Number(port) <= 65_535
}

/** Names, for a certificate is judged by it. */
export const controllers: Kind<readonly string[]> = {
  says: 'the name of a controller or several, for example dc1.corp.example.org',
  shape: 'list',
  parse(items) {
    const odd = items.find((item) => !isController(item))
    if (odd !== undefined) return wrong(`"${odd}" is not the name of a server.`)
    return items.length === 0
      ? wrong('The list is empty.')
      : right(Object.freeze(items.map((item) => item.toLowerCase())))
  },
}

export const dnsServers: Kind<readonly string[]> = {
  says: 'the address of a DNS server or several, for example 192.0.2.53',
  shape: 'list',
  parse(items) {
    const odd = items.find((item) => isIP(item) === 0)
    if (odd !== undefined) return wrong(`"${odd}" is not an IP address.`)
    return items.length === 0 ? wrong('The list is empty.') : right(Object.freeze([...items]))
  },
}

export type TrustedDomain = {
  domain: string
  netbios?: string | undefined
  controllers: readonly string[]
  suffixes: readonly string[]
}

export const trustedDomains: Kind<readonly TrustedDomain[]> = {
  says: 'domains, for example other.example OTHER dc1.other.example @brand.example, or none',
  shape: 'list',
  parse(items) {
    const domains: TrustedDomain[] = []
    for (const item of items.filter((each) => each !== 'none')) {
      const [domain = '', ...rest] = item.trim().split(/\s+/)
      const suffixes = rest.filter((word) => word.startsWith('@')).map((word) => word.slice(1).toLowerCase())
      const netbios = rest.find((word) => NETBIOS.test(word))
      const servers = rest.filter((word) => word !== netbios && !word.startsWith('@'))
      if (!DOMAIN.test(domain)) return wrong(`"${domain}" is not the DNS name of a domain.`)
      const odd = servers.find((name) => !isController(name))
      if (odd !== undefined) return wrong(`"${odd}" is not the name of a server.`)
      const strange = suffixes.find((suffix) => !SUFFIX.test(suffix))
      if (strange !== undefined) return wrong(`"@${strange}" is not the end of a principal name.`)
      domains.push({ domain: domain.toLowerCase(), netbios: netbios?.toUpperCase(), controllers: servers, suffixes })
    }
    return right(Object.freeze(domains))
  },
}

/** `of` is what names its domain, in lower case. */
export type AccountLine = { name: string; of: string; password: Secret }

const ACCOUNT = /^(?:[^\s@\\]+@([^\s@\\]+)|([^\s@\\]+)\\[^\s@\\]+)$/

/** They hold passwords, so no mistake repeats a line. */
export const accountLines: Kind<readonly AccountLine[]> = textKind(
  'a line for each: its name, for example sallyport@other.example, a space, its password',
  (text) => {
    const lines: AccountLine[] = []
    for (const line of text.split(/\r?\n/).filter((each) => each.trim() !== '')) {
      const [, name = '', password = ''] = /^\s*(\S+)\s+(.*)$/.exec(line) ?? []
      const [, suffix, short] = ACCOUNT.exec(name) ?? []
      const of = (suffix ?? short)?.toLowerCase()
      if (of === undefined) return wrong('A line does not begin with an account and its domain.')
      if (password === '') return wrong('A line has no password.')
      lines.push({ name, of, password: new Secret(password) })
    }
    return lines.length === 0 ? wrong('There is no line.') : right(Object.freeze(lines))
  },
)
