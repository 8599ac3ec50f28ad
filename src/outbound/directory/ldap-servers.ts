import { type Client, PasswordPolicyControl, ResultCodeError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Clock, Log } from '../../core/ports.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { LdapServer } from './ldap-config.ts'
import { unreachable } from './ldap-connection.ts'
import { troubleOf } from './ldap-own-password.ts'

/**
 * Who we are when we search: an account with a password (RFC 4513 section 5.1.3), the one that our certificate names
 * (SASL EXTERNAL, RFC 4422 appendix A), or nobody.
 */
export type OurAccount = { by: 'password'; dn: string; password: Secret } | { by: 'certificate' } | { by: 'nobody' }

/** Milliseconds after which a server is taken for one that hangs. */
export type Patience = {
  /** For reaching it, while there are others to ask. */
  quick: number
  /** An answer that is not there after so long makes us ask whether the server is. */
  silent: number
  /** For that question: TCP, TLS and the answer together. */
  alive: number
}

/** Whoever waits for a sign-in is to notice nothing of a server that is gone, and to lose a second to one that fell silent. */
const PATIENCE: Patience = { quick: 800, silent: 300, alive: 700 }

/** The servers of one directory, and what is known of who answers. */
export type ServerRow = {
  patience: Patience
  /** As they are to be asked now: those that rest come last, for they may be all there is. */
  inOrder(): Promise<readonly LdapServer[]>
  /** Whether one of the others does not rest. */
  hasAnother(server: LdapServer): Promise<boolean>
  failed(server: LdapServer): void
  answered(server: LdapServer): void
}

const REST_MS = 30_000

/** A server that failed is left alone for a while: to find it dead anew would cost each sign-in a wait. */
export function serverRow(
  find: () => Promise<readonly LdapServer[]>,
  clock: Clock,
  patience: Patience = PATIENCE,
): ServerRow {
  const restingUntil = new Map<string, number>()
  const rests = ({ url }: LdapServer) => (restingUntil.get(url) ?? 0) > clock.now().getTime()
  return {
    patience,
    async inOrder() {
      const servers = await find()
      return [...servers.filter((server) => !rests(server)), ...servers.filter(rests)]
    },
    hasAnother: async ({ url }) => (await find()).some((server) => server.url !== url && !rests(server)),
    failed: ({ url }) => restingUntil.set(url, clock.now().getTime() + REST_MS),
    answered: ({ url }) => restingUntil.delete(url),
  }
}

type Asking = {
  row: ServerRow
  log: Log
  /** Milliseconds for reaching one server when there is no other left. */
  timeoutMs: number
  /** Asked before the others. */
  first?: LdapServer | undefined
}

/**
 * What `use` makes of the first server that lets it. Each is given a short time to be reached first, and all of it only
 * when no other has answered. Throws what it threw at the last one; a certificate that was refused outweighs a server that
 * is down. Our own bind being refused is not tried elsewhere: it would be counted there too. However many there are, none is
 * begun with after twice the time of one: nobody waits for a page that long, and whoever comes next begins with the rest.
 */
export async function firstAnswering<T>(
  { row, log, timeoutMs, first }: Asking,
  use: (server: LdapServer, connectMs: number) => Promise<T>,
): Promise<T> {
  const found = await row.inOrder()
  const servers = first ? [first, ...found.filter(({ url }) => url !== first.url)] : found
  const failures: AppError[] = []
  const enough = AbortSignal.timeout(2 * timeoutMs)
  const { quick } = row.patience
  const rounds = servers.length > 1 && timeoutMs > quick ? [quick, timeoutMs] : [timeoutMs]
  for (const connectMs of rounds) {
    for (const server of servers) {
      try {
        const made = await use(server, connectMs)
        row.answered(server)
        return made
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        failures.push(error)
        if (error.cause instanceof ResultCodeError && !cannotAnswer(error.cause)) throw worst(failures)
        row.failed(server)
        if (servers.length > 1)
          log.warn('a directory server could not be used', { server: server.url, reason: error.message })
        if (enough.aborted) throw worst(failures)
      }
    }
  }
  throw worst(failures)
}

function worst(failures: readonly AppError[]): AppError {
  const none = new AppError('directory.unreachable', { detail: 'no directory server is known' })
  return failures.find((failure) => failure.code === 'directory.untrusted') ?? failures.at(-1) ?? none
}

/**
 * Our password being wrong is an outage, never a "no" to the person who signs in. `policy` has afterwards what the
 * directory says of the account beside its answer.
 */
export async function bindAsOurselves(
  client: Client,
  server: LdapServer,
  account: OurAccount,
  policy = new PasswordPolicyControl(),
): Promise<void> {
  const failed = `our own bind ${nameOf(account)} failed`
  try {
    if (account.by === 'password') await client.bind(account.dn, account.password.reveal(), policy)
    else if (account.by === 'certificate') await client.bind('EXTERNAL')
    else await client.bind('', '')
  } catch (error) {
    await client.unbind().catch(() => {})
    const why = troubleOf(policy.value)
    throw unreachable(server, why === undefined ? failed : `${failed}, for ${why}`, error)
  }
  const why = troubleOf(policy.value)
  if (why === undefined) return
  await client.unbind().catch(() => {})
  throw unreachable(server, failed, new Error(why))
}

export function nameOf(account: OurAccount): string {
  switch (account.by) {
    case 'password':
      return `as ${account.dn}`
    case 'certificate':
      return 'by certificate'
    case 'nobody':
      return 'as nobody'
  }
}

/** Result codes that say something about the server or the connection, and nothing about who binds (RFC 4511 appendix A). */
export function cannotAnswer({ code }: ResultCodeError): boolean {
  return serverTrouble.has(code)
}

/** Whether the server has done as much for our account as it does for such. */
export function isLimit(error: unknown): boolean {
  return error instanceof ResultCodeError && limits.has(error.code)
}

/** The end of a sentence about a search that failed. */
export function becauseOfLimits(error: unknown): string {
  return isLimit(error) ? ', for the server limits what our account may read' : ''
}

const limits: ReadonlySet<number> = new Set([
  3, // timeLimitExceeded
  4, // sizeLimitExceeded
  11, // adminLimitExceeded
])

const serverTrouble: ReadonlySet<number> = new Set([
  1, // operationsError
  2, // protocolError
  3, // timeLimitExceeded
  7, // authMethodNotSupported
  8, // strongerAuthRequired
  10, // referral: another server would know
  11, // adminLimitExceeded
  13, // confidentialityRequired
  51, // busy
  52, // unavailable
  54, // loopDetect
  80, // other
  248, // ldapts: an answer without a result
])
