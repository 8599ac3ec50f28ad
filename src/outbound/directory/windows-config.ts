import type { Filter } from 'ldapts'
import { FilterParser } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { DomainNames } from './windows-names.ts'

/** A domain, and where its controllers are; none listed: DNS names them. */
export type DomainConfig = DomainNames & { controllers: readonly string[] }

/** An account that searches for people: `name@domain` or a DN. */
export type Account = { name: string; password: Secret }

/** `account`: who searches there, where ours cannot sign in. */
export type TrustedDomain = DomainConfig & { account?: Account | undefined }

export type WindowsConfig = DomainConfig & {
  /** Whose people may sign in too, by their names in full. */
  trusted: readonly TrustedDomain[]
  /** Addresses of the DNS servers that know the domain; none: those of the system. */
  dns: readonly string[]
  security: 'ldaps' | 'startTls'
  /** PEM text of the certificates to trust instead of the public ones. */
  ca?: string | undefined
  /** `name@domain` or a DN. */
  account: string
  password: Secret
  /** Where people are searched; the whole domain by default. Of trusted domains always the whole. */
  baseDn?: string | undefined
  /** RFC 4515 text, ANDed to the search for a person. Written by the operator, never from input. */
  userFilter?: string | undefined
  /** How users are called here. */
  username: 'upn' | 'account'
  /** Whether people may change a password that is expired. */
  changePasswords: boolean
  /** Milliseconds for reaching one controller, and again for each request to it. */
  timeoutMs: number
}

/** How one of the domains is asked: as whom, and about whom. */
export function askingIn(domain: WindowsConfig | TrustedDomain, config: WindowsConfig) {
  const own = { name: config.account, password: config.password }
  const { name, password } = typeof domain.account === 'object' ? domain.account : own
  const isOwn = domain === config
  return {
    account: { by: 'password', dn: name, password } as const,
    baseDn: (isOwn ? config.baseDn : undefined) ?? baseOf(domain.domain),
    userFilter: isOwn ? checkedFilter(config.userFilter) : undefined,
  }
}

/** `dc=corp,dc=example` of `corp.example` (RFC 2247). */
export function baseOf(domain: string): string {
  return domain
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',')
}

/** Throws `config.wrong` for what would not do. */
export function checkedFilter(text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined
  try {
    return FilterParser.parseString(text)
  } catch (cause) {
    throw new AppError('config.wrong', { detail: `directory: the user filter ${text} is not an LDAP filter`, cause })
  }
}
