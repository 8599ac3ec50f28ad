import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { end, isRunning } from './ending.ts'
import { isListening } from './port.ts'

export type ApacheHost = { stop(): Promise<void> }

/** `site`: its virtual host, at that port of 127.0.0.1. */
type Wishes = { port: number; site: string; env: Record<string, string> }

const PROGRAM = '/usr/sbin/apache2'
const MODULE_FOLDER = '/usr/lib/apache2/modules'
const MODULES = 'mpm_event authn_core authz_core auth_gssapi headers proxy proxy_http setenvif ssl'.split(' ')
/** As whom it serves: it refuses to do so as root. Debian has it on every machine. */
export const servesAs = 'www-data'
const LOG = 'error.log'
const STARTING_MAY_TAKE_MS = 60_000

export function apacheIsInstalled(): boolean {
  return existsSync(PROGRAM) && existsSync(join(MODULE_FOLDER, 'mod_auth_gssapi.so'))
}

/** Debian's Apache with its module for Kerberos, in a temporary folder, on loopback. It takes root, as a service does. */
export async function startApache({ port, site, env }: Wishes): Promise<ApacheHost> {
  if (!apacheIsInstalled()) throw new Error('it takes the Debian packages apache2-bin and libapache2-mod-auth-gssapi')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-apache-'))
  const replays = join(folder, 'replays')
  mkdirSync(replays)
  for (const each of [folder, replays]) chmodSync(each, 0o777)
  writeFileSync(join(folder, 'httpd.conf'), configuration(folder, port, site))
  // pdeathsig: it must not outlive us, however we end.
  const args = ['--pdeathsig', 'TERM', PROGRAM, '-f', join(folder, 'httpd.conf'), '-DFOREGROUND']
  const server = spawn('setpriv', args, {
    cwd: folder,
    env: { ...env, KRB5RCACHEDIR: replays },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text) => (said = `${said}${text}`.slice(-2000)))
  const stop = async () => {
    await end(server, 'SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (isRunning(server) && performance.now() < deadline) {
    if (await isListening(port)) return { stop }
    await wait(25)
  }
  const log = join(folder, LOG)
  if (existsSync(log)) said += readFileSync(log, 'utf8')
  await stop()
  throw new Error(`Apache did not start: ${said}`)
}

function configuration(folder: string, port: number, site: string): string {
  const modules = MODULES.map((name) => `LoadModule ${name}_module ${MODULE_FOLDER}/mod_${name}.so`)
  const own = { ServerRoot: folder, DefaultRuntimeDir: folder, PidFile: `${folder}/pid`, ErrorLog: join(folder, LOG) }
  const served = { ServerName: 'localhost', User: servesAs, Group: servesAs, Listen: `127.0.0.1:${port}` }
  const lines = Object.entries({ ...own, ...served }).map((line) => line.join(' '))
  return [...modules, ...lines, site, ''].join('\n')
}
