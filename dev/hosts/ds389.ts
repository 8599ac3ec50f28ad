import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeCertificates, makeClientCertificate } from './certificates.ts'
import { ds389Ldif, ds389People } from './ds389-people.ts'
import { end, isRunning } from './ending.ts'
import { freePort, isListening } from './port.ts'
import { baseDn, serviceDn, servicePassword } from './slapd-people.ts'

export type Ds389Host = {
  ldapUrl: string
  ldapsUrl: string
  /** PEM of the CA that signed the certificate for `localhost` and 127.0.0.1. */
  ca: string
  baseDn: string
  bindDn: string
  bindPassword: string
  /** Who may change everything. */
  administrator: { dn: string; password: string }
  people: typeof ds389People
  /** PEM of a certificate that the server takes for our account's (SASL EXTERNAL), and its key. */
  client: { cert: string; key: string }
  /** Ends the server and leaves its data; `start` brings it back on the same ports. */
  halt(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const PROGRAM = '/usr/sbin/ns-slapd'
const TEMPLATES = '/usr/share/dirsrv/data'
const BACKEND = 'userroot'
const STARTING_MAY_TAKE_MS = 60_000
const administrator = { dn: 'cn=Directory Manager', password: 'directory-manager' }

export function ds389IsInstalled(): boolean {
  return existsSync(PROGRAM)
}

/**
 * Debian's 389 Directory Server in a temporary folder, on loopback, with StartTLS and LDAPS, a password policy, and some
 * people. It is set up from its own templates, without its installer, which wants a place in /etc and systemd.
 */
export async function startDs389(): Promise<Ds389Host> {
  if (!ds389IsInstalled()) throw new Error('389 Directory Server is not installed; the Debian package is 389-ds-base')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-ds389-'))
  try {
    for (const name of ['config', 'db', 'ldif', 'bak', 'run', 'log', 'lock', 'tmp']) mkdirSync(join(folder, name))
    const ca = makeCertificates(folder, ['DNS:localhost', 'IP:127.0.0.1'])
    const client = makeClientCertificate(folder, 'sallyport')
    makeKeyStore(folder)
    const ports = { ldap: await freePort(), ldaps: await freePort() }
    makeDirectory(folder, ports)
    let server = await run(folder, ports)
    return {
      ldapUrl: `ldap://localhost:${ports.ldap}`,
      ldapsUrl: `ldaps://localhost:${ports.ldaps}`,
      ca,
      baseDn,
      bindDn: serviceDn,
      bindPassword: servicePassword,
      administrator,
      people: ds389People,
      client,
      halt: () => end(server, 'SIGTERM'),
      async start() {
        server = await run(folder, ports)
      },
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

/** It reads keys from NSS's database and from nowhere else. */
function makeKeyStore(folder: string): void {
  const config = join(folder, 'config')
  const call = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder, stdio: 'pipe' })
  const bundle = ['-export', '-in', 'server.pem', '-inkey', 'server.key', '-name', 'Server-Cert', '-out', 'server.p12']
  call('openssl', 'pkcs12', ...bundle, '-passout', 'pass:')
  call('certutil', '-N', '-d', config, '--empty-password')
  call('pk12util', '-i', 'server.p12', '-d', config, '-W', '', '-K', '')
  call('certutil', '-A', '-d', config, '-n', 'ca', '-t', 'CT,,', '-a', '-i', 'ca.pem')
}

function makeDirectory(folder: string, ports: Ports): void {
  const config = join(folder, 'config')
  cpSync('/etc/dirsrv/schema', join(config, 'schema'), { recursive: true })
  cpSync('/etc/dirsrv/config', config, { recursive: true })
  // The entry below ours whose name is that of the certificate.
  writeFileSync(join(config, 'certmap.conf'), 'certmap default default\ndefault:DNComps\ndefault:FilterComps cn\n')
  writeFileSync(join(config, 'dse.ldif'), configuration(folder, ports))
  writeFileSync(join(folder, 'people.ldif'), ds389Ldif())
  const load = ['ldif2db', '-D', config, '-n', BACKEND, '-i', join(folder, 'people.ldif')]
  execFileSync(PROGRAM, load, { stdio: 'pipe' })
}

/** Its own templates, as its installer fills them in. */
function configuration(folder: string, ports: Ports): string {
  const holes: Record<string, string> = {
    schema_dir: join(folder, 'config', 'schema'),
    config_dir: join(folder, 'config'),
    cert_dir: join(folder, 'config'),
    inst_dir: folder,
    db_home_dir: join(folder, 'db'),
    fqdn: 'localhost',
    ds_port: String(ports.ldap),
    ds_user: userInfo().username,
    ds_suffix: baseDn,
    ds_bename: BACKEND,
    ds_passwd: `{CLEAR}${administrator.password}`,
    rootdn: administrator.dn,
    ldapi_enabled: 'off',
    ldapi: join(folder, 'run', 'ldapi'),
    ldapi_autobind: 'off',
    // The default, Berkeley DB, begins with 100 MB of files.
    db_lib: 'mdb',
  }
  const fill = (text: string) =>
    text.replace(/%(\w+)%/g, (_, hole: string) => holes[hole] ?? join(folder, hole.replace(/_dir$/, '')))
  const read = (name: string) => readFileSync(join(TEMPLATES, name), 'utf8')
  const ours = Object.entries(settings(ports)).map(([name, value]) => `${name}: ${value}\n`)
  return fill(`${read('template-dse.ldif')}${read('template-suffix-db.ldif').replace(/^#.*\n/gm, '')}`)
    .replace(/^nsslapd-localhost:.*\n/m, (line) => line + ours.join(''))
    .replace(/(?<=libmemberof-plugin\n(?:.+\n)*nsslapd-pluginenabled: )off/, 'on')
}

function settings(ports: Ports) {
  return {
    'nsslapd-listenhost': '127.0.0.1',
    'nsslapd-securelistenhost': '127.0.0.1',
    'nsslapd-security': 'on',
    'nsslapd-secureport': ports.ldaps,
    'nsslapd-require-secure-binds': 'on',
    'nsslapd-pwpolicy-local': 'on',
    passwordStorageScheme: 'SSHA512',
    passwordCheckSyntax: 'on',
    passwordMinLength: 8,
    passwordExp: 'on',
    passwordMustChange: 'on',
    passwordLockout: 'on',
    passwordMaxFailure: 3,
    passwordLockoutDuration: 60,
  }
}

async function run(folder: string, { ldap, ldaps }: Ports): Promise<ChildProcess> {
  const args = ['-D', join(folder, 'config'), '-i', join(folder, 'run', 'pid'), '-d', '0']
  const server = spawn('setpriv', ['--pdeathsig', 'TERM', PROGRAM, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (isRunning(server) && performance.now() < deadline) {
    if ((await isListening(ldap)) && (await isListening(ldaps))) return server
    await wait(20)
  }
  await end(server, 'SIGTERM')
  throw new Error(`389 Directory Server did not start: ${said.slice(-1000)}`)
}
