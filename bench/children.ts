import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** A process of ours that says when it is ready and then answers one question at a time. */
export type Child<Ready = unknown> = {
  pid: number
  ready: Ready
  ask<Answer>(question: object): Promise<Answer>
  stop(): Promise<void>
}

type Said = { ready: unknown } | { answer: unknown } | { failed: string }

/** Starts `bench/<file>`. It ends when `stop` is called, and also when this process is no more. */
export async function startChild<Ready>(file: string, ...args: string[]): Promise<Child<Ready>> {
  const child = fork(join(import.meta.dirname, file), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = exitOf(child).then((code) => {
    throw new Error(`bench/${file} ended (${code})`)
  })
  gone.catch(() => {})
  const said = async (): Promise<Said> => {
    const given = new AbortController()
    const message = once(child, 'message', { signal: given.signal }).then(([first]) => first as Said)
    const first = await Promise.race([message, gone]).finally(() => {
      message.catch(() => {})
      given.abort()
    })
    if ('failed' in first) throw new Error(first.failed)
    return first
  }

  const first = await said()
  return {
    pid: child.pid ?? 0,
    ready: ('ready' in first ? first.ready : undefined) as Ready,
    async ask<Answer>(question: object) {
      child.send(question)
      const message = await said()
      return ('answer' in message ? message.answer : undefined) as Answer
    },
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

type Serving<Ready, Question> = { ready: Ready; answer?: (question: Question) => Promise<unknown>; close(): unknown }

/** The other end of `startChild`, in the process itself. */
export function serveParent<Ready, Question>({ ready, answer, close }: Serving<Ready, Question>): void {
  process.on('message', async (question) => {
    try {
      process.send?.({ answer: await answer?.(question as Question) })
    } catch (error) {
      process.send?.({ failed: error instanceof Error ? error.stack : String(error) })
    }
  })
  process.once('disconnect', () => void close())
  process.send?.({ ready })
}

/** The program itself, as an operator runs it. What it says on stderr shows only when it fails. */
export function startSallyport(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes).slice(-4_000)
  })
  const ended = exitOf(child)
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit')
  return code as number | null
}

/** CPU time of a process so far, in microseconds, and its memory in bytes. Undefined where there is no /proc. */
export function usageOf(pid: number): { cpu: number; memory: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold anything; user and system time are the 12th and 13th word after it.
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const memory = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    // Linux counts in hundredths of a second, whatever the machine.
    return { cpu: (Number(words[11]) + Number(words[12])) * 10_000, memory: Number(memory) * 1024 }
  } catch {
    return undefined
  }
}
