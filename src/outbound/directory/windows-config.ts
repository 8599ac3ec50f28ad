import type { Filter } from 'ldapts'
import { FilterParser } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { DomainNames } from './windows-names.ts'

/** A domain, and where its controllers are; none listed: DNS names them. */
export type DomainConfig = DomainNames & { controllers: readonly string[] }

export type WindowsConfig = DomainConfig & {
  /** Whose people may sign in too, by their names in full. Our account must be able to read there. */
  trusted: readonly DomainConfig[]
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
