import { printable } from '../config/mistake.ts'
import type { Output } from '../contract/contract.ts'
import { refusals } from '../contract/refusals.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { terminal } from './terminal.ts'
import { Told } from './user.ts'

type How = { stdin?: boolean; generate?: boolean; mustChange?: boolean; remove?: boolean }

/** `sallyport user pin NAME`: asks for one; `--generate` makes one and prints it. */
export async function userPin(
  username: string,
  { stdin = false, generate = false, mustChange = false, remove = false, ...installation }: How & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (remove) return removed(username, installation, env)
  const pin = generate ? undefined : await pinFrom(username, stdin)
  await atHand(installation, env, async ({ engine }) => {
    const answer = await engine.api.setPin(operator, { username, pin, mustChange })
    if (!answer.ok) throw new Told(wordsOf(answer.refusal))
    const { value } = answer
    if (value.outcome === 'refused') throw new Told(value.problems.map((problem) => problems[problem]).join(' '))
    const made = value.made === undefined ? '' : ` PIN: ${value.made}`
    console.log(printable(`${username} has a new PIN, and was signed out everywhere.${made}`))
  })
}

async function removed(username: string, installation: Installation, env: NodeJS.ProcessEnv): Promise<void> {
  await atHand(installation, env, async ({ engine }) => {
    const answer = await engine.api.removePin(operator, { username })
    if (!answer.ok) throw new Told(wordsOf(answer.refusal))
    console.log(printable(`${username} has no PIN. Where one is asked, it is chosen at the next sign-in.`))
  })
}

/** `sallyport user mode NAME METHOD [MODE]`. */
export async function userMode(
  username: string,
  method: string,
  mode: string | undefined,
  installation: Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine }) => {
    const input = { username, method: method as 'call', mode }
    const answer = await engine.api.setMode(operator, input)
    if (!answer.ok) throw new Told(wordsOf(answer.refusal))
    console.log(
      printable(`${username} answers by ${method} ${mode === undefined ? 'as the settings say' : `as ${mode}`}.`),
    )
  })
}

function wordsOf(refusal: keyof typeof refusals): string {
  return refusal === 'input.malformed' ? 'The methods with modes are call, text, app and oath.' : refusals[refusal]
}

/** Typed twice, or read from a pipe. Never an argument: those are seen by every account of the machine. */
async function pinFrom(username: string, stdin: boolean): Promise<string> {
  const { secret } = terminal({ input: process.stdin, output: process.stderr })
  const pin = await secret(`New PIN for ${username}:`)
  const again = stdin || !process.stdin.isTTY ? pin : await secret('Once more:')
  if (!pin) throw new Told('No PIN came.')
  if (pin !== again) throw new Told('The two PINs are not the same.')
  return pin
}

type Problem = Extract<Output<'setPin'>, { outcome: 'refused' }>['problems'][number]

const problems: Record<Problem, string> = {
  'not-digits': 'A PIN has digits only, 16 at most.',
  'too-short': 'The PIN is shorter than `pin.min_length` allows.',
  repeats: 'The PIN repeats one digit too often.',
  run: 'The digits of the PIN follow each other, as in 1234.',
  alternates: 'The PIN repeats a few digits, as 1212 does.',
  year: 'The PIN looks like a year or a date.',
  phone: "The PIN is a part of the user's phone number.",
  common: 'Many people choose that PIN.',
  'used-before': 'The user had that PIN before.',
}
