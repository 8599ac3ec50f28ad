import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'

export const root = join(import.meta.dirname, '..')

/** What is judged without running the product: its types, its form, and that nothing in it is left over. */
const CHECKS: readonly [name: string, program: string, ...args: string[]][] = [
  ['types (tsc)', 'tsc', '--noEmit'],
  ['form and lint (biome)', 'biome', 'ci', '--colors=off', '--diagnostic-level=error', '.'],
  ['nothing unused (knip)', 'knip', '--no-progress', '--no-config-hints'],
]

/** What knip's parser says where npm has left its binding out: optional packages for other engines are not installed. */
const NOT_INSTALLED = 'Cannot find native binding'

type Counts = { passed: number; failed: number; skipped: number }

/** Starts them. What comes back waits for them and tells: one line each, and what a check has found below its line. */
export function startChecks(): () => Promise<Counts> {
  const checks = CHECKS.map(([name, program, ...args]) => ({ name, outcome: run(program, args) }))
  // A program that is not there is told by whoever waits for it, and not before.
  for (const { outcome } of checks) outcome.catch(() => {})
  return () => tell(checks)
}

async function tell(checks: readonly { name: string; outcome: Promise<Outcome> }[]): Promise<Counts> {
  let [failed, skipped] = [0, 0]
  for (const { name, outcome } of checks) {
    const { ok, output } = await outcome
    if (!ok && output.includes(NOT_INSTALLED)) {
      skipped++
      console.log(`﹣ ${name} # npm on a Node before 20.19 does not install the parser it needs`)
      continue
    }
    console.log(`${ok ? '✔' : '✖'} ${name}`)
    if (ok) continue
    failed++
    console.log(output.trimEnd().replaceAll(/^/gm, '  '))
  }
  return { passed: checks.length - failed - skipped, failed, skipped }
}

type Outcome = { ok: boolean; output: string }

async function run(program: string, args: string[]): Promise<Outcome> {
  const programs = join(root, 'node_modules', '.bin')
  // In front, so that the scripts among them run on the project's Node as well, however this was started.
  const env = { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ''}`, NO_COLOR: '1' }
  const child = spawn(join(programs, program), args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0))
  })
  const [ok, ...output] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { ok, output: output.join('') }
}
