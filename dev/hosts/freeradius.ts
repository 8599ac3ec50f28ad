import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeCertificates, makeClientCertificate } from './certificates.ts'
import { end, isRunning } from './ending.ts'
import { freePort } from './port.ts'

type RadSec = { port: number; ca: string; cert: string; key: string }

export type FreeRadiusHost = {
  /** Demands Message-Authenticator and sends it. */
  port: number
  /** The same people at a server as they were before 2024: its answers carry none. */
  oldPort: number
  secret: string
  /**
   * The passwords of `carol` and `dan` are answered by a challenge, whose Reply-Message holds the code. His reply may be
   * seen, is waited for a minute, and is asked for in two messages. By MS-CHAP alone, as at a Windows domain: `erin`'s is
   * expired, until she has chosen one of ten characters or more; `fay`'s account is locked. `olga`'s is longer than what PAP can carry.
   */
  people: { alice: string; carol: string; dan: string; erin: string; fay: string; olga: string }
  /** Gives her the old password back, which is expired again. */
  expireErin(): void
  /** The same people over TLS (RFC 6614), for who has a certificate of that CA. Where it was asked for. */
  radsec?: RadSec
  /** It is there, and answers nothing. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

const PROGRAM = '/usr/sbin/freeradius'
const STARTING_MAY_TAKE_MS = 60_000
/** Of those whose passwords another program checks, and what is the matter with them. */
const states = { erin: 'expired', fay: 'locked' } as const
const secret = 'testing123'
const people = {
  alice: 'Grüße aus 42',
  carol: 'carols password',
  dan: 'dans password',
  erin: 'erins old one',
  fay: 'fays password',
  olga: 'Пароль '.repeat(16),
}

export function freeRadiusIsInstalled(): boolean {
  return existsSync(PROGRAM)
}

/** Debian's FreeRADIUS 3 with a configuration of its own, in a temporary folder, on loopback. */
export async function startFreeRadius({ tls = false } = {}): Promise<FreeRadiusHost> {
  if (!freeRadiusIsInstalled()) throw new Error('FreeRADIUS is not installed; the Debian package is freeradius')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-freeradius-'))
  try {
    const [port, oldPort] = [await freePort(), await freePort()]
    mkdirSync(join(folder, 'run'))
    const radsec = tls ? await madeRadSec(folder) : undefined
    const listeners = configuration(folder, port, oldPort) + (radsec ? overTls(folder, radsec.port) : '')
    writeFileSync(join(folder, 'radiusd.conf'), listeners)
    mkdirSync(join(folder, 'domain'))
    for (const name of ['erin', 'fay'] as const) putBack(folder, name)
    const users = Object.entries(people).map(([name, password]) => `${name} Cleartext-Password := "${password}"\n`)
    writeFileSync(join(folder, 'users'), users.join(''))
    const server = await run(folder)
    return {
      ...{ port, oldPort, secret, people, ...(radsec && { radsec }) },
      expireErin: () => putBack(folder, 'erin'),
      pause: () => void server.kill('SIGSTOP'),
      resume: () => void server.kill('SIGCONT'),
      async stop() {
        // Told to end with requests under way, 3.2.1 may spin for ever (thread_pool_stop); it has nothing to put in order.
        await end(server, 'SIGKILL')
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function putBack(folder: string, name: keyof typeof states): void {
  writeFileSync(join(folder, 'domain', name), people[name])
  writeFileSync(join(folder, 'domain', `${name}.state`), states[name])
}

/** What stands in for Samba's ntlm_auth, as FreeRADIUS runs it. */
function ntlmAuth(what: string, ...rest: string[]): string {
  const program = [process.execPath, '--openssl-legacy-provider', join(import.meta.dirname, 'ntlm-auth.ts')]
  return [...program, what, ...rest].join(' ')
}

/** Everything in one file. A block must not stand on one line: FreeRADIUS refuses that. */
function configuration(folder: string, port: number, oldPort: number): string {
  return `
prefix = /usr
libdir = /usr/lib/freeradius
confdir = ${folder}
raddbdir = ${folder}
db_dir = ${folder}/run
run_dir = ${folder}/run
logdir = ${folder}/run
name = radiusd
pidfile = ${folder}/run/radiusd.pid
hostname_lookups = no
max_requests = 65536
cleanup_delay = 2
proxy_requests = no
security {
  reject_delay = 0
  status_server = yes
  allow_vulnerable_openssl = yes
}
client loopback {
  ipaddr = 127.0.0.1
  secret = ${secret}
  require_message_authenticator = yes
}
thread pool {
  start_servers = 1
  max_servers = 2
  min_spare_servers = 1
  max_spare_servers = 2
}
modules {
  files {
    filename = ${folder}/users
  }
  expr {
  }
  pap {
  }
  mschap {
  }
  mschap domain {
    ntlm_auth = "${ntlmAuth('auth', `${folder}/domain`, '%{mschap:User-Name} %{mschap:Challenge} %{mschap:NT-Response}')}"
    passchange {
      ntlm_auth = "${ntlmAuth('change', `${folder}/domain`)}"
      ntlm_auth_username = "username: %{mschap:User-Name}"
    }
  }
  always handled {
    rcode = handled
  }
}
instantiate {
  expr
}
${virtualServer('today', port, 'update reply {\n&Message-Authenticator := 0x00\n}')}
${virtualServer('old', oldPort, '')}
`
}

async function madeRadSec(folder: string): Promise<RadSec> {
  const ca = makeCertificates(folder, ['DNS:localhost', 'IP:127.0.0.1'])
  return { port: await freePort(), ca, ...makeClientCertificate(folder, 'sallyport') }
}

/** The secret of RADIUS over TLS is public: section 2.3 of RFC 6614. */
function overTls(folder: string, port: number): string {
  const tls = `
    tls {
      private_key_file = ${folder}/server.key
      certificate_file = ${folder}/server.pem
      ca_file = ${folder}/ca.pem
      require_client_cert = yes
      tls_min_version = "1.2"
      tls_max_version = "1.3"
      ecdh_curve = ""
      cache {
        enable = no
      }
    }`
  return `
clients radsec {
  client over_tls {
    ipaddr = 127.0.0.1
    proto = tls
    secret = radsec
    limit {
      max_connections = 0
      lifetime = 0
      idle_timeout = 0
    }
  }
}
${virtualServer('radsec', port, '', `proto = tcp\n    clients = radsec${tls}`)}`
}

/** FreeRADIUS makes the State of a challenge itself, and keeps `session-state` under it. */
function virtualServer(name: string, port: number, last: string, listening = ''): string {
  return `
server ${name} {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
    ${listening}
  }
  authorize {
    if (&State) {
      update control {
        &Auth-Type := Step2
        &Cleartext-Password := &session-state:Tmp-String-0
      }
    }
    else {
      if (&User-Name == "erin" || &User-Name == "fay") {
        domain
      }
      else {
        mschap
      }
      files
      pap
      if (&User-Name == "carol" || &User-Name == "dan") {
        update control {
          &Auth-Type := Step1
        }
      }
    }
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type MS-CHAP {
      mschap
    }
    Auth-Type domain {
      domain
    }
    Auth-Type Step1 {
      pap
      if (ok) {
        update session-state {
          &Tmp-String-0 := "%{randstr:nnnnnn}"
        }
        update reply {
          &Reply-Message := "Enter code (%{session-state:Tmp-String-0})"
        }
        if (&User-Name == "dan") {
          update reply {
            &Reply-Message += "It may be seen."
            &Prompt := Echo
            &Session-Timeout := 60
          }
        }
        update control {
          &Response-Packet-Type := Access-Challenge
        }
        handled
      }
    }
    Auth-Type Step2 {
      pap
    }
  }
  post-auth {
    ${last}
    Post-Auth-Type Challenge {
      ${last}
    }
    Post-Auth-Type REJECT {
      ${last}
    }
  }
}`
}

async function run(folder: string): Promise<ChildProcess> {
  // In the foreground. pdeathsig: it must not outlive us, however we end.
  const args = ['--pdeathsig', 'KILL', PROGRAM, '-d', folder, '-n', 'radiusd', '-f', '-l', 'stdout']
  const server = spawn('setpriv', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void said.push(text))
  }
  const deadline = performance.now() + STARTING_MAY_TAKE_MS
  while (isRunning(server) && performance.now() < deadline) {
    if (said.join('').includes('Ready to process requests')) return server
    await wait(10)
  }
  await end(server, 'SIGTERM')
  throw new Error(`FreeRADIUS did not start: ${said.join('').slice(-1_000)}`)
}
