import { lookup } from 'node:dns/promises'
import { isIP, type Socket } from 'node:net'
import { type Client, PasswordPolicyControl } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { type Finding, type Said, Trouble } from './finding.ts'
import { membersWanted, type NamedGroup, testGroups, unheard } from './group-diagnosis.ts'
import { ldapDirectory } from './ldap.ts'
import { type CheckedLdap, checkedLdap, type LdapConfig, type LdapServer } from './ldap-config.ts'
import { connectionOver, reach, reason, secure } from './ldap-connection.ts'
import { entriesOfGroup } from './ldap-groups.ts'
import { warningOf } from './ldap-own-password.ts'
import { lookAtBase, lookAtPages, lookFor, type Named, namedAs, sample, timeOf } from './ldap-probe.ts'
import { searcher } from './ldap-searcher.ts'
import { bindAsOurselves, nameOf, serverRow } from './ldap-servers.ts'
import type { Session } from './ldap-session.ts'
import { noBind, noConnection, noTls } from './ldap-troubles.ts'

/** `user`: somebody to look for as well. No password is asked for, and none is shown. */
export type Asked = { clock: Clock; user?: Named | undefined }

/** Kerberos and certificates bear no more, and nothing else is served by less. */
const CLOCKS_MAY_DIFFER_MS = 5 * 60_000

/**
 * Goes to every server as a sign-in would and says how far it came: `configuration`, then for each server `resolve`,
 * `connect`, `tls`, `bind`, `base`, `people`, `user` where one is asked for, `pages`, `clock` where it tells its time. A
 * server's steps end at the first that a sign-in needs and that fails. At last the groups, where a server was reached.
 * Never throws.
 */
export async function testLdap(
  config: LdapConfig,
  { clock, user: name, groups = [] }: { clock: Clock; user?: string | undefined; groups?: readonly NamedGroup[] },
): Promise<Finding[]> {
  try {
    const checked = checkedLdap(config)
    const asked = { clock, user: name === undefined ? undefined : namedAs(name, checked) }
    const findings: Finding[] = [{ step: 'configuration', ok: true }]
    for (const server of checked.servers) findings.push(...(await testServer(server, checked, asked)))
    if (isReached(findings)) findings.push(...(await testLdapGroups(config, { clock, user: name, groups })))
    return findings
  } catch (error) {
    return [{ step: 'configuration', ok: false, detail: wordsOf(error) }]
  }
}

/** Whether one server let us search. */
export function isReached(findings: readonly Finding[]): boolean {
  return findings.some(({ step, ok }) => step === 'base' && ok)
}

async function testLdapGroups(
  config: LdapConfig,
  { clock, ...asked }: { clock: Clock; user: string | undefined; groups: readonly NamedGroup[] },
): Promise<Finding[]> {
  const checked = checkedLdap(config)
  const directory = ldapDirectory(config, { clock, log: unheard })
  const search = searcher({ ...checked, row: serverRow(async () => checked.servers, clock) }, unheard)
  const base = checked.groupBaseDn ?? checked.baseDn
  const look = (group: string) => entriesOfGroup(search, base, group, membersWanted)
  try {
    return await testGroups({ ...asked, directory, look })
  } finally {
    await Promise.all([directory.close(), search.close()])
  }
}

/** One server, as far as a sign-in would go. */
export async function testServer(server: LdapServer, config: CheckedLdap, asked: Asked): Promise<Finding[]> {
  const findings: Finding[] = []
  const opened: { socket?: Socket; client?: Client } = {}
  try {
    const session = await reachAsOurselves(server, config, stepsInto(findings), opened)
    await lookAround(session, config, asked, findings)
  } catch {
    // Each failure is already a finding.
  } finally {
    await opened.client?.unbind().catch(() => {})
    opened.socket?.destroy()
  }
  return findings
}

type Step = <T>(name: string, run: () => Promise<T>, say: (made: T) => Said) => Promise<T>

/** Runs a step and notes what it came to; one that fails is noted and thrown. */
function stepsInto(findings: Finding[]): Step {
  return async (step, run, say) => {
    try {
      const made = await run()
      const said = say(made)
      findings.push({ step, ok: true, ...(typeof said === 'string' ? { detail: said } : said) })
      return made
    } catch (error) {
      const problem = error instanceof Trouble ? error.problem : undefined
      findings.push({ step, ok: false, problem, detail: wordsOf(error) })
      throw error
    }
  }
}

async function reachAsOurselves(
  server: LdapServer,
  config: CheckedLdap,
  step: Step,
  opened: { socket?: Socket; client?: Client },
): Promise<Session> {
  if (isIP(server.host) === 0 && server.address === undefined) {
    const find = () => lookup(server.host, { all: true }).catch(failAs('name-unknown', `DNS knows no ${server.host}`))
    await step('resolve', find, (found) => `${server.host} is ${found.map(({ address }) => address).join(', ')}`)
  }
  const deadline = AbortSignal.timeout(config.timeoutMs)
  const open = () => reach(server, deadline).catch((error) => Promise.reject(noConnection(error, server)))
  const socket = await step('connect', open, () => server.url)
  opened.socket = socket
  const wrap = async () =>
    server.security === 'loopback'
      ? socket
      : secure(socket, server, config, deadline).catch((error) => Promise.reject(noTls(error, server)))
  const safe = await step('tls', wrap, () => server.security)
  const connection = connectionOver(safe, server, config.timeoutMs)
  opened.client = connection.client
  await step('bind', () => bindAsAsked(connection.client, server, config), bound)
  return { ...connection, server }
}

async function bindAsAsked(client: Client, server: LdapServer, { account }: CheckedLdap) {
  const policy = new PasswordPolicyControl()
  await bindAsOurselves(client, server, account, policy).catch((error) =>
    Promise.reject(noBind(error, account, policy.value)),
  )
  return { account, warning: warningOf(policy.value) }
}

function bound({ account, warning }: Awaited<ReturnType<typeof bindAsAsked>>): Said {
  if (warning === undefined) return nameOf(account)
  return {
    problem: 'password-expires',
    detail: `${nameOf(account)}, with a password of which the directory says: ${warning}`,
  }
}

async function lookAround(session: Session, config: CheckedLdap, { clock, user }: Asked, findings: Finding[]) {
  const { client } = session
  const step = stepsInto(findings)
  await step('base', () => lookAtBase(client, config), String)
  await step(
    'people',
    () => sample(client, config),
    (said) => said,
  )
  if (user !== undefined)
    await step(
      'user',
      () => lookFor(client, config, user, clock.now()),
      (said) => said,
    )
  try {
    findings.push({ step: 'pages', ok: true, detail: await lookAtPages(session, config) })
  } catch (error) {
    findings.push({ step: 'pages', ok: true, problem: 'no-pages', detail: wordsOf(error) })
  }
  const theirs = await timeOf(client).catch(() => undefined)
  if (theirs) findings.push(clockFinding(theirs, clock.now()))
}

function clockFinding(theirs: Date, ours: Date): Finding {
  const seconds = Math.round((theirs.getTime() - ours.getTime()) / 1000)
  if (Math.abs(seconds) * 1000 <= CLOCKS_MAY_DIFFER_MS) return { step: 'clock', ok: true, detail: 'as ours' }
  const detail = `it is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} ours`
  return { step: 'clock', ok: true, problem: 'clock', detail }
}

function failAs(problem: NonNullable<Finding['problem']>, message: string) {
  return (cause: unknown): never => {
    throw new Trouble(problem, message, { cause })
  }
}

/** Ours say what they mean; the code of another is shorter than its words. */
function wordsOf(error: unknown): string {
  return error instanceof AppError ? error.message : reason(error)
}
