import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null
}

/** It keeps its ports and connections, and answers nothing, until it is let go on. */
export function freeze(child: ChildProcess): void {
  child.kill('SIGSTOP')
}

export function thaw(child: ChildProcess): void {
  child.kill('SIGCONT')
}

/** Some wait, or spin, for ever once they are asked to end, and one that is frozen does not hear it. */
const ENDING_MAY_TAKE_MS = 20_000

/** Ends one that we started, and waits until it has. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isRunning(child)) return
  const exited = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), ENDING_MAY_TAKE_MS)
  await exited
  clearTimeout(late)
}
