import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { end } from './ending.ts'
import { joinedTexts, type ReceivedText } from './kannel-texts.ts'
import { freePort, isListening } from './port.ts'

export type Kannel = {
  sendUrl: string
  username: string
  password: string
  /** What the mobile network got, oldest first; parts of a long text joined. */
  received(): ReceivedText[]
  /** Resolves when `count` texts are there; fails after a minute. */
  receivedAtLeast(count: number): Promise<ReceivedText[]>
  /** A phone sends a text to the number 12345. */
  sendIn(from: string, text: string): Promise<void>
  /** The mobile network goes away; Kannel stays and queues. */
  stopSmsc(): Promise<void>
  stop(): Promise<void>
}

const WITHIN_MS = 60_000
/** bearerbox takes seconds over a gentle end, and nothing of it is kept. */
const AT_ONCE = 'SIGKILL'
const programs = { bearerbox: 'bearerbox', smsbox: 'smsbox', fakesmsc: '/usr/lib/kannel/test/fakesmsc' }

/** `replies` is fetched for each text from a phone, its holes filled by Kannel (`%p`, `%b`); without it they go nowhere. */
type Wishes = { replies?: string | undefined }

/**
 * A real SMS gateway on loopback (Debian's kannel and kannel-extras) with a simulated mobile network behind it, in a
 * temporary folder and on free ports. Needs no root. Ends with `stop`, which ends only what it started.
 */
export async function startKannel({ replies }: Wishes = {}): Promise<Kannel> {
  const [admin, boxes, smsc, http] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const folder = await mkdtemp(join(tmpdir(), 'kannel-'))
  const credentials = { username: 'sallyport', password: 'p&ss +w%rd' }
  const config = join(folder, 'kannel.conf')
  await writeFile(config, configuration({ admin, boxes, smsc, http, replies, ...credentials }), { mode: 0o600 })

  const running: ChildProcess[] = []
  const start = (program: string, args: string[], line: (text: string) => void = () => {}) => {
    // They must not outlive us, however we end.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.on('error', () => {})
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', line)
    running.push(child)
    return child
  }
  const stop = async () => {
    await Promise.all(running.map((child) => end(child, AT_ONCE)))
    await rm(folder, { recursive: true, force: true })
  }

  const lines: string[] = []
  try {
    const bearerbox = start(programs.bearerbox, [config])
    await listening(boxes, bearerbox)
    await listening(smsc, bearerbox)
    await listening(http, start(programs.smsbox, [config]))
    // Sends so many times what it is given, and prints what it gets.
    const phones = (times: number, message: string) =>
      start(programs.fakesmsc, ['-H', '127.0.0.1', '-r', String(smsc), '-m', String(times), message], (line) =>
        lines.push(line),
      )
    const online = (is: boolean) =>
      until(async () => (await isOnline(admin, credentials.password)) === is, `the network to ${is ? 'come' : 'go'}`)
    // Our own knock was taken for the network.
    await online(false)
    let network = phones(0, '1 2 text -')
    await online(true)
    const received = () => joinedTexts(lines)
    return {
      sendUrl: `http://127.0.0.1:${http}/cgi-bin/sendsms`,
      ...credentials,
      received,
      async receivedAtLeast(count) {
        await until(() => received().length >= count, `${count} texts at the network`)
        return received()
      },
      async sendIn(from, text) {
        await end(network, AT_ONCE)
        network = phones(1, `${from} 12345 text ${text}`)
      },
      async stopSmsc() {
        await end(network, AT_ONCE)
        await online(false)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

type Settings = Wishes & Record<'admin' | 'boxes' | 'smsc' | 'http', number> & Record<'username' | 'password', string>

function configuration({ admin, boxes, smsc, http, username, password, replies }: Settings): string {
  const answering = replies === undefined ? { text: 'no' } : { 'get-url': replies }
  const groups = [
    {
      group: 'core',
      'admin-port': admin,
      'admin-password': password,
      'admin-interface': '127.0.0.1',
      'smsbox-port': boxes,
      'smsbox-interface': '127.0.0.1',
      'box-allow-ip': '127.0.0.1',
      'store-type': 'file',
      'store-location': 'store',
    },
    { group: 'smsc', smsc: 'fake', host: '127.0.0.1', port: smsc, 'connect-allow-ip': '127.0.0.1' },
    { group: 'smsbox', 'bearerbox-host': '127.0.0.1', 'sendsms-port': http, 'sendsms-interface': '127.0.0.1' },
    { group: 'sendsms-user', username, password, 'default-sender': 12345, concatenation: 'true', 'max-messages': 10 },
    { group: 'sms-service', keyword: 'default', ...answering, 'max-messages': 0 },
  ]
  // A blank line before each group: Kannel would read two as one.
  return groups
    .map(
      (group) =>
        `${Object.entries(group)
          .map(([key, value]) => `${key} = "${value}"`)
          .join('\n')}\n`,
    )
    .join('\n')
}

/** Whether Kannel has a connection to the mobile network, as its status page says. */
async function isOnline(admin: number, password: string): Promise<boolean> {
  const page = await fetch(`http://127.0.0.1:${admin}/status.txt?password=${encodeURIComponent(password)}`)
  return /FAKE:\d+ \(online /.test(await page.text())
}

/** Waits for a port that `child` opens; fails at once when the child ends, with its exit code. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  await until(
    async () => {
      if (child.pid === undefined || child.exitCode !== null)
        throw new Error(`${child.spawnargs.at(3)} did not start (exit code ${child.exitCode})`)
      return isListening(port)
    },
    `${child.spawnargs.at(3)} on port ${port}`,
  )
}

async function until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + WITHIN_MS
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`waited ${WITHIN_MS} ms in vain for ${what}`)
    await pause(20)
  }
}
