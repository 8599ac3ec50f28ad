import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { stringify } from 'yaml'
import { root } from '../source.ts'

/** `sallyport …` as its operator starts it, in a process of its own. It is ended after the tests of its file. */
export type Program = {
  /** All that it has written so far, to either output. */
  said(): string
  /** Waits until it has written what matches. Rejects when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** The exit code; null when a signal ended it. */
  ended: Promise<number | null>
  signal(name: NodeJS.Signals): void
}

type Manner = { env?: Record<string, string>; input?: string }

/** What of our environment is not configuration: where programs, temporary files and compiled modules are. */
function ofThisMachine(): Record<string, string> {
  const names = ['PATH', 'TMPDIR', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

export function sallyport(args: readonly string[], { env = {}, input }: Manner = {}): Program {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
    env: { ...ofThisMachine(), ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const written = collected(child)
  if (input !== undefined) child.stdin?.end(input)
  const ended = once(child, 'close').then(([code]) => code as number | null)
  after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    said: () => written.text,
    async says(pattern) {
      for (;;) {
        const found = pattern.exec(written.text)
        if (found) return found
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended, and said: ${written.text}`)
        await Promise.race([written.more(), ended])
      }
    },
    ended,
    signal: (name) => void child.kill(name),
  }
}

function collected(child: ChildProcess): { text: string; more(): Promise<void> } {
  const written = { text: '', more: () => new Promise<void>((wake) => waiting.push(wake)) }
  let waiting: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written.text += text
      for (const wake of waiting.splice(0)) wake()
    })
  }
  waiting = []
  return written
}

/** Runs a verb to its end. */
export async function verb(args: readonly string[], manner?: Manner): Promise<{ exit: number | null; said: string }> {
  const program = sallyport(args, manner)
  const exit = await program.ended
  return { exit, said: program.said() }
}

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-story-'))
  folders.push(folder)
  return folder
}

/** Writes a configuration beside its data folder, and returns its name. */
export function configuration(folder: string, name: string, options: object): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, stringify({ data: join(folder, name), ...options }))
  return file
}

export type Gateway = {
  url: string
  /** The codes that a phone got, newest first. */
  codes(phone: string): Promise<string[]>
}

/** What a provider of texts is to the server: takes every one over HTTP. The phones of a story. */
export async function smsGateway(): Promise<Gateway> {
  const texts: { to: string; code: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const { to, text } = JSON.parse(body) as { to: string; text: string }
      texts.unshift({ to, code: /\b\d{6}\b/.exec(text)?.[0] ?? '' })
      response.writeHead(202).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/messages`,
    codes: async (phone) => texts.filter(({ to, code }) => to === phone && code !== '').map(({ code }) => code),
  }
}

export const throughGateway = ({ url }: Gateway) => ({
  providers: 'http',
  http: { url, content_type: 'application/json', body: '{"to":"{to}","text":"{text}"}' },
})
