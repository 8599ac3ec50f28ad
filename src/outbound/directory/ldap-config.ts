import { X509Certificate } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { type Filter, FilterParser } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { OurAccount, Patience } from './ldap-servers.ts'

/** Where a directory is and how people are found in it. */
export type LdapConfig = {
  /** `ldap://` or `ldaps://` with host and optional port; several, separated by spaces, are tried in order. */
  url: string | readonly string[]
  /** Turns an `ldap://` connection into a TLS one before anything else is said (RFC 4511 section 4.14). */
  startTls: boolean
  /** PEM text of the certificates to trust instead of the public ones. */
  ca?: string | undefined
  /** Our own account by its password, where nothing else is said; `certificate` is SASL EXTERNAL by `identity`. */
  bind?: 'simple' | 'certificate' | 'anonymous' | undefined
  bindDn?: string | undefined
  bindPassword?: Secret | undefined
  /** PEM texts of the certificate that we show to a server that asks for one, and its key. */
  identity?: { cert: string; key: Secret } | undefined
  baseDn: string
  /** RFC 4515 text, ANDed to the search for a person. Written by the operator, never from input. */
  userFilter?: string | undefined
  /** Where groups are searched; everywhere below `baseDn` when not given. */
  groupBaseDn?: string | undefined
  /** Whether people may change their passwords through us (RFC 3062). */
  changePasswords?: boolean | undefined
  attributes: LdapAttributes
  /** Milliseconds for reaching one server (TCP and TLS together), and again for each request to it. */
  timeoutMs: number
  /** For tests that are not about a server that hangs, on machines where a sound one may be slow. */
  patience?: Patience | undefined
}

/** Attribute names. `uid` is the immutable id: entryUUID, objectGUID, ipaUniqueID, nsUniqueId. */
export type LdapAttributes = { uid: string; username: string; displayName: string; mail: string; phone: string }

export const usualAttributes: LdapAttributes = {
  uid: 'entryUUID',
  username: 'uid',
  displayName: 'displayName',
  mail: 'mail',
  phone: 'telephoneNumber',
}

export type LdapServer = {
  url: string
  /** Whose certificate it must have. */
  host: string
  /** Where it is, where that is not left to the system's own lookup of the name. */
  address?: string | undefined
  port: number
  security: 'ldaps' | 'startTls' | 'loopback'
}

export type CheckedLdap = Omit<LdapConfig, 'url' | 'startTls' | 'userFilter' | 'bind' | 'bindDn' | 'bindPassword'> & {
  servers: readonly LdapServer[]
  account: OurAccount
  userFilter?: Filter | undefined
}

/** Parses the configuration once. Throws `config.wrong` naming every mistake in it. */
export function checkedLdap({
  url,
  startTls,
  userFilter,
  bind,
  bindDn,
  bindPassword,
  ...rest
}: LdapConfig): CheckedLdap {
  const mistakes: string[] = []
  const attempt = <T>(parse: () => T): T | undefined => {
    try {
      return parse()
    } catch (error) {
      mistakes.push(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  const urls = typeof url === 'string' ? url.split(/\s+/).filter(Boolean) : url
  if (urls.length === 0) mistakes.push('no directory URL is given')
  const servers = urls
    .map((text) => attempt(() => parseServer(text, startTls)))
    .filter((server) => server !== undefined)

  const filter = userFilter ? attempt(() => parseFilter(userFilter)) : undefined
  attempt(() => checkCa(rest.ca))
  for (const [name, value] of Object.entries(rest.attributes)) {
    if (!attributeName.test(value))
      mistakes.push(`attribute for ${name}: ${JSON.stringify(value)} is not an attribute name`)
  }
  if (/^(dn|entrydn|distinguishedname)$/i.test(rest.attributes.uid))
    mistakes.push('a DN changes, so it cannot be the uid')
  if (rest.baseDn.trim() === '') mistakes.push('the base DN is empty')
  const account = attempt(() => accountOf({ bind, bindDn, bindPassword }))
  if (account?.by === 'certificate' && !(rest.identity && servers.every(({ security }) => security !== 'loopback')))
    mistakes.push('a bind by certificate needs a certificate and TLS')
  if (!(rest.timeoutMs > 0)) mistakes.push('the timeout is not a positive number of milliseconds')

  if (mistakes.length > 0 || !account)
    throw new AppError('config.wrong', { detail: `directory: ${mistakes.join('; ')}` })
  return { ...rest, servers, userFilter: filter, account }
}

function accountOf({
  bind,
  bindDn = '',
  bindPassword,
}: Pick<LdapConfig, 'bind' | 'bindDn' | 'bindPassword'>): OurAccount {
  if (bind === 'certificate') return { by: 'certificate' }
  if (bind === 'anonymous') return { by: 'nobody' }
  // RFC 4513 section 5.1.2: a bind without name or password succeeds at some servers and means nothing.
  if (bindDn.trim() === '' || !bindPassword || bindPassword.reveal() === '')
    throw new Error('the bind DN or its password is empty')
  return { by: 'password', dn: bindDn, password: bindPassword }
}

/** RFC 4512 section 1.4: a descriptor or an OID, without options. */
const attributeName = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)$/i

function parseServer(text: string, startTls: boolean): LdapServer {
  if (!URL.canParse(text)) throw new Error(`${text} is not a URL`)
  const url = new URL(text)
  if (url.protocol !== 'ldap:' && url.protocol !== 'ldaps:') throw new Error(`${text} is neither ldap:// nor ldaps://`)
  if (url.username || url.password) throw new Error('a directory URL holds a name or a password')
  if (url.hostname === '') throw new Error(`${text} names no host`)
  if (url.pathname.length > 1 || url.search || url.hash) throw new Error(`${text} has more than a host and a port`)

  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const secure = url.protocol === 'ldaps:'
  const port = url.port ? Number(url.port) : secure ? 636 : 389
  if (!secure && !startTls && !isLoopback(host)) {
    throw new Error(`${text} would send passwords in clear; use ldaps:// or StartTLS`)
  }
  return {
    url: `${url.protocol}//${url.host}`,
    host,
    port,
    security: secure ? 'ldaps' : startTls ? 'startTls' : 'loopback',
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

function parseFilter(text: string): Filter {
  try {
    return FilterParser.parseString(text)
  } catch (cause) {
    throw new Error(`the user filter ${text} is not an LDAP filter`, { cause })
  }
}

/** Node takes a `ca` without any certificate in it in silence, and would then trust nobody. */
function checkCa(pem: string | undefined): void {
  if (pem === undefined) return
  try {
    new X509Certificate(pem)
  } catch (cause) {
    throw new Error('the CA is not a PEM certificate', { cause })
  }
}
