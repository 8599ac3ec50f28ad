import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeCertificates, makeClientCertificate } from './certificates.ts'
import { end, freeze, isRunning, thaw } from './ending.ts'
import { freePort, isListening } from './port.ts'
import { baseDn, ldif, serviceDn, servicePassword, slapdPeople } from './slapd-people.ts'

export type SlapdHost = {
  /** Speaks in clear until StartTLS, and refuses everything else before that (`security ssf=1`). */
  ldapUrl: string
  ldapsUrl: string
  /** The same servers by an address that their certificate does not name. */
  misnamed: { ldapUrl: string; ldapsUrl: string }
  /** PEM of the CA that signed the certificate for `localhost` and 127.0.0.1. */
  ca: string
  baseDn: string
  bindDn: string
  bindPassword: string
  people: typeof slapdPeople
  /** PEM of a certificate that slapd takes for our account's (SASL EXTERNAL), and its key. */
  client: { cert: string; key: string }
  /** Ends the server and leaves its data; `start` brings it back on the same ports. */
  halt(): Promise<void>
  start(): Promise<void>
  /** It hangs until `thaw`. */
  freeze(): void
  thaw(): void
  /** The lines of slapd's own log so far: one `BIND dn="..." method=128` for each bind. */
  log(): Promise<string[]>
  stop(): Promise<void>
}

/** `more`: LDIF beyond the people there are. `administrator`: the password of `rootDn`, who may change everything. */
type Wishes = { more?: string; administrator?: string | undefined }

export const rootDn = `cn=root,${baseDn}`
const CLIENT = 'sallyport-client'
/** The second is one that its certificate does not name. */
const ADDRESSES = ['127.0.0.1', '127.0.0.2']
const PROGRAM = '/usr/sbin/slapd'
const STARTING_MAY_TAKE_MS = 60_000

export function slapdIsInstalled(): boolean {
  return existsSync(PROGRAM)
}

/**
 * Debian's slapd in a temporary folder, on loopback, with StartTLS and LDAPS, a password policy, and some people.
 * It takes unauthenticated binds for successes, as Active Directory does: whoever forgets to refuse empty passwords notices.
 */
export async function startSlapd({ more = '', administrator }: Wishes = {}): Promise<SlapdHost> {
  if (!slapdIsInstalled()) throw new Error('slapd is not installed; the Debian package is slapd')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-slapd-'))
  try {
    const ca = makeCertificates(folder, ['DNS:localhost', 'IP:127.0.0.1'])
    const client = makeClientCertificate(folder, CLIENT)
    makeDirectory(folder, { more, administrator })
    const ports = { ldap: await freePort(), ldaps: await freePort() }
    const lines: string[] = []
    let server = await run(folder, ports, lines)
    return {
      ...urls('localhost', ports),
      misnamed: urls('127.0.0.2', ports),
      ca,
      baseDn,
      bindDn: serviceDn,
      bindPassword: servicePassword,
      people: slapdPeople,
      client,
      halt: () => end(server, 'SIGTERM'),
      async start() {
        server = await run(folder, ports, lines)
      },
      freeze: () => freeze(server),
      thaw: () => thaw(server),
      log: () => settledLog(lines, ports.ldap),
      async stop() {
        await end(server, 'SIGTERM')
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

type Ports = { ldap: number; ldaps: number }

function urls(host: string, { ldap, ldaps }: Ports): { ldapUrl: string; ldapsUrl: string } {
  return { ldapUrl: `ldap://${host}:${ldap}`, ldapsUrl: `ldaps://${host}:${ldaps}` }
}

function makeDirectory(folder: string, { more, administrator }: Wishes): void {
  mkdirSync(join(folder, 'db'))
  writeFileSync(join(folder, 'slapd.conf'), configuration(folder, administrator))
  execFileSync('/usr/sbin/slapadd', ['-q', '-f', join(folder, 'slapd.conf')], {
    input: `${ldif()}\n${more}`,
    stdio: 'pipe',
  })
}

/** The old form of configuration: one file, still read, and easier to see than cn=config. */
function configuration(folder: string, administrator: string | undefined): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  return [
    ...schemas,
    "attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )",
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload ppolicy',
    'moduleload syncprov',
    'allow bind_anon_cred bind_anon_dn',
    'security ssf=1',
    `TLSCACertificateFile ${folder}/ca.pem`,
    `TLSCertificateFile ${folder}/server.pem`,
    `TLSCertificateKeyFile ${folder}/server.key`,
    'TLSVerifyClient allow',
    `authz-regexp ^cn=${CLIENT}$ ${serviceDn}`,
    'database mdb',
    `suffix ${baseDn}`,
    // Nobody can bind as it unless a test gives it a password; the policy overlay counts failures in its name.
    `rootdn ${rootDn}`,
    ...(administrator === undefined ? [] : [`rootpw ${administrator}`]),
    `directory ${folder}/db`,
    'maxsize 268435456',
    'dbnosync',
    'index objectClass,uid,mail,entryUUID eq',
    // Whoever does not ask for pages is stopped, as at Active Directory.
    `limits dn.exact="${serviceDn}" size.soft=500 size.hard=500 size.prtotal=unlimited`,
    `access to attrs=userPassword by self =xw by dn.exact="${serviceDn}" =xw by anonymous auth by * none`,
    `access to * by dn.exact="${serviceDn}" read by * none`,
    'overlay ppolicy',
    'ppolicy_use_lockout',
    // Keeps contextCSN, by which changes are found.
    'overlay syncprov',
    '',
  ].join('\n')
}

async function run(folder: string, ports: Ports, lines: string[]): Promise<ChildProcess> {
  const listeners = ADDRESSES.flatMap((address) => Object.values(urls(address, ports)))
  // In the foreground; 256 logs connections, operations and results. pdeathsig: it must not outlive us, however we end.
  const args = [
    '--pdeathsig',
    'TERM',
    PROGRAM,
    '-f',
    join(folder, 'slapd.conf'),
    '-h',
    listeners.join(' '),
    '-d',
    '256',
  ]
  const server = spawn('setpriv', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  collectLines(server, lines)
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (isRunning(server) && performance.now() < deadline) {
    if (await allListen(ports)) return server
    await wait(10)
  }
  await end(server, 'SIGTERM')
  throw new Error(`slapd did not start: ${lines.slice(-5).join(' | ')}`)
}

/** It begins to listen at one address after the other. */
async function allListen({ ldap, ldaps }: Ports): Promise<boolean> {
  for (const address of ADDRESSES)
    for (const port of [ldap, ldaps]) if (!(await isListening(port, address))) return false
  return true
}

function collectLines(server: ChildProcess, lines: string[]): void {
  let rest = ''
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
}

/** slapd writes in order, so once it has written of our own visit, all that was answered before is there. */
async function settledLog(lines: string[], port: number): Promise<string[]> {
  const ours = await knock(port)
  if (!ours) throw new Error('slapd is not running')
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (!lines.some((line) => line.includes(`ACCEPT from IP=127.0.0.1:${ours} `))) {
    if (performance.now() > deadline) throw new Error('slapd does not write its log')
    await wait(5)
  }
  return [...lines]
}

/** Connects and leaves. Returns the port that we came from, or undefined where nobody listens. */
async function knock(port: number): Promise<number | undefined> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return socket.localPort
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}
