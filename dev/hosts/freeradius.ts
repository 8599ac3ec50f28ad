import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { end, isRunning } from './ending.ts'

export type FreeRadiusHost = {
  /** Demands Message-Authenticator and sends it. */
  port: number
  /** The same people at a server as they were before 2024: its answers carry none. */
  oldPort: number
  secret: string
  /** `carol`'s password is answered by a challenge, whose Reply-Message holds the code. */
  people: { alice: string; carol: string }
  stop(): Promise<void>
}

const PROGRAM = '/usr/sbin/freeradius'
const STARTING_MAY_TAKE_MS = 10_000
const secret = 'testing123'
const people = { alice: 'Grüße aus 42', carol: 'carols password' }

export function freeRadiusIsInstalled(): boolean {
  return existsSync(PROGRAM)
}

/** Debian's FreeRADIUS 3 with a configuration of its own, in a temporary folder, on loopback. */
export async function startFreeRadius(): Promise<FreeRadiusHost> {
  if (!freeRadiusIsInstalled()) throw new Error('FreeRADIUS is not installed; the Debian package is freeradius')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-freeradius-'))
  try {
    const [port, oldPort] = [await freePort(), await freePort()]
    mkdirSync(join(folder, 'run'))
    writeFileSync(join(folder, 'radiusd.conf'), configuration(folder, port, oldPort))
    const users = Object.entries(people).map(([name, password]) => `${name} Cleartext-Password := "${password}"\n`)
    writeFileSync(join(folder, 'users'), users.join(''))
    const server = await run(folder)
    return {
      ...{ port, oldPort, secret, people },
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
  status_server = no
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

/** FreeRADIUS makes the State of a challenge itself, and keeps `session-state` under it. */
function virtualServer(name: string, port: number, last: string): string {
  return `
server ${name} {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  authorize {
    if (&State) {
      update control {
        &Auth-Type := Step2
        &Cleartext-Password := &session-state:Tmp-String-0
      }
    }
    else {
      mschap
      files
      pap
      if (&User-Name == "carol") {
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
    Auth-Type Step1 {
      pap
      if (ok) {
        update session-state {
          &Tmp-String-0 := "%{randstr:nnnnnn}"
        }
        update reply {
          &Reply-Message := "Enter code (%{session-state:Tmp-String-0})"
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
  const args = ['--pdeathsig', 'TERM', PROGRAM, '-d', folder, '-n', 'radiusd', '-f', '-l', 'stdout']
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

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
