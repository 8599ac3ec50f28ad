import { ResultCodeError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import { type Problem, Trouble } from './finding.ts'
import type { LdapServer } from './ldap-config.ts'
import { reason } from './ldap-connection.ts'
import { type OwnPolicy, troubleOf } from './ldap-own-password.ts'
import { nameOf, type OurAccount } from './ldap-servers.ts'
import { refusalOf } from './windows-codes.ts'

/** Why there is no connection, and what to look at. */
export function noConnection(error: unknown, { port }: LdapServer): Trouble {
  const said = reason(rootOf(error))
  const advice = new Map([
    ['ECONNREFUSED', `nothing listens on port ${port} there`],
    ['not in time', `no answer on port ${port}; is a firewall in between?`],
    ['ENOTFOUND', 'DNS knows no such name'],
  ]).get(said)
  return new Trouble('no-connection', advice ? `${said}: ${advice}` : said, { cause: error })
}

/** Why there is no TLS: whose certificate it was is in the words of the error. */
export function noTls(error: unknown, { security }: LdapServer): Trouble {
  const cause = rootOf(error)
  const code = reason(cause)
  const detail = (error instanceof AppError ? error.detail : undefined) ?? code
  const problem = certificateProblems.get(code) ?? (isUntrusted(error) ? 'certificate-untrusted' : undefined)
  if (problem) return new Trouble(problem, detail, { cause: error })
  if (security === 'startTls') return new Trouble('starttls-refused', detail, { cause: error })
  const hint = 'is this the port of ldap://, which speaks in the clear first?'
  return new Trouble('no-tls', `${code}: ${hint}`, { cause: error })
}

const certificateProblems: ReadonlyMap<string, Problem> = new Map([
  ['CERT_HAS_EXPIRED', 'certificate-expired'],
  ['CERT_NOT_YET_VALID', 'certificate-expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-name'],
])

function isUntrusted(error: unknown): boolean {
  return error instanceof AppError && error.code === 'directory.untrusted'
}

/** Why our own bind was refused. */
export function noBind(error: unknown, account: OurAccount, policy: OwnPolicy): Trouble {
  const cause = rootOf(error)
  const own = troubleOf(policy)
  if (own !== undefined) return new Trouble('bind-not-allowed', `${nameOf(account)}: ${own}`, { cause: error })
  const { code, message } = cause instanceof ResultCodeError ? cause : { code: undefined, message: reason(cause) }
  if (code === INVALID_CREDENTIALS || code === NO_SUCH_OBJECT) {
    const whose = account.by === 'password' ? refusedAs(account.dn, message) : message
    return new Trouble('bind-wrong', whose, { cause: error })
  }
  if (code === CONFIDENTIALITY_REQUIRED || code === STRONGER_AUTH_REQUIRED)
    return new Trouble('bind-not-allowed', `it takes a bind only under TLS: ldaps://, or StartTLS (${message})`, {
      cause: error,
    })
  const forbidden =
    account.by === 'nobody' ? 'anonymous binds are forbidden there' : 'a bind of that kind is not allowed there'
  return new Trouble('bind-not-allowed', code === undefined ? message : `${forbidden} (${message})`, { cause: error })
}

/** Active Directory tells the states of an account to whoever has its password; others say nothing of the kind. */
function refusedAs(name: string, said: string): string {
  const refusal = refusalOf(said)
  if ('mustChange' in refusal) return `the password of ${name} is ${expiries[refusal.mustChange]}`
  const state = states.get(refusal.why)
  return state === undefined ? `the name ${name} or its password is wrong` : `${name}: ${state}`
}

const expiries = { expired: 'right, and expired', reset: 'right, and must be changed before it opens anything' }

const states: ReadonlyMap<string, string> = new Map([
  ['disabled', 'the password is right, and the account is disabled'],
  ['account-expired', 'the password is right, and the account is expired'],
  ['hours', 'the password is right, and the account may not sign in at this hour'],
  ['workstation', 'the password is right, and the account may not sign in from this machine (userWorkstations)'],
  ['restricted', 'another rule of the domain keeps the account out, such as Protected Users'],
  ['locked', 'the account is locked after too many wrong passwords'],
])

const STRONGER_AUTH_REQUIRED = 8
const CONFIDENTIALITY_REQUIRED = 13
const INVALID_CREDENTIALS = 49
const NO_SUCH_OBJECT = 32

/** What an error of ours came from. */
function rootOf(error: unknown): unknown {
  return error instanceof AppError && error.cause !== undefined ? error.cause : error
}
