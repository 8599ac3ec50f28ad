import { readFileSync } from 'node:fs'
import { hostname, platform, release } from 'node:os'
import { join } from 'node:path'
import { printable } from '../config/mistake.ts'
import type { Input, Output } from '../contract/contract.ts'
import { refusals } from '../contract/refusals.ts'
import { AppError } from '../core/errors.ts'
import { activate, type DeviceState, deviceClient } from '../outbound/device-client/client.ts'
import { readState, writeState } from '../outbound/device-client/state-file.ts'
import { fromBase32 } from '../protocols/base32.ts'
import { deviceProtocol } from '../protocols/device-signature.ts'
import { stepAt, totp } from '../protocols/totp.ts'
import { systemClock as clock } from '../system.ts'
import { readActivation } from './activation-link.ts'
import { outcomeLine, promptLines } from './authenticator-lines.ts'
import { type Terminal, terminal } from './terminal.ts'
import { Told } from './user.ts'

export type StateOption = { state?: string | undefined }
type Reaching = { url?: string; ca?: string; fingerprint?: string; name?: string }
type Verdict = Input<'answerPrompt'>['verdict']
type Question = Output<'listPrompts'>['prompts'][number]

/** `sallyport authenticator activate CODE`: this machine becomes a device of whoever is shown the code. */
export async function authenticatorActivate(
  given: string,
  { url, ca, fingerprint, name = hostname(), ...options }: Reaching & StateOption,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const file = stateFile(options, env)
  if (readState(file)) throw new Told(`${file} holds a device already. Name another file with --state.`)
  const read = readActivation(given, url)
  if ('problem' in read) throw new Told(read.problem)
  const trust = { ...(ca !== undefined && { ca: textOf(ca) }), ...(fingerprint && { fingerprint }) }
  const service = { ...trust, url: read.origin + deviceProtocol.path }
  const about = { code: read.code, name: name.slice(0, 60), platform: `${platform()} ${release()}` }
  const made = await activate({ clock }, service, about)
  if ('refusal' in made) throw refusedBy(made.refusal)
  writeState(file, made.state)
  const { account } = made.state
  console.log(`Activated for ${printable(account.username)} at ${printable(account.company)}. Kept in ${file}.`)
}

/** `sallyport authenticator prompts`. */
export async function authenticatorPrompts(options: StateOption & { json?: boolean }, env: NodeJS.ProcessEnv) {
  const answer = await withDevice(options, env, ({ ask }) => ask('listPrompts'))
  if (!answer.ok) throw refusedBy(answer.refusal)
  const { prompts } = answer.value
  if (options.json) console.log(JSON.stringify(prompts))
  else if (prompts.length === 0) console.log('Nothing is asked.')
  else for (const line of prompts.flatMap(promptLines)) console.log(line)
}

/** `sallyport authenticator answer PROMPT VERDICT`. The PIN is asked for, or comes from a pipe; never an argument. */
export async function authenticatorAnswer(
  wanted: string,
  verdict: Verdict,
  { number, pin, ...options }: StateOption & { number?: string; pin?: boolean },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await withDevice(options, env, async (device) => {
    const listed = await device.ask('listPrompts')
    if (!listed.ok) throw refusedBy(listed.refusal)
    const question = listed.value.prompts.find(({ id }) => id === wanted || wanted === 'now')
    if (!question) throw new Told(outcomeLine({ outcome: 'gone' }))
    const typed = pin ? await atTerminal().secret('PIN:') : undefined
    console.log(await answered(device, question, verdict, { ...(number && { number }), ...(typed && { pin: typed }) }))
  })
}

/** `sallyport authenticator listen`: shows each question as it comes, and asks what to answer. */
export async function authenticatorListen(options: StateOption, env: NodeJS.ProcessEnv): Promise<void> {
  const over = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort())
  const desk = atTerminal()
  const shown = new Set<string>()
  console.log('Listening; Ctrl+C ends it.')
  await withDevice(options, env, async (device) => {
    while (!over.signal.aborted) {
      await follow(device, over.signal, async (question) => {
        if (shown.has(question.id)) return
        shown.add(question.id)
        await converse(device, question, desk)
      })
      await pause(over.signal)
    }
  })
  // A pipe that is open still would keep the program from ending.
  process.stdin.destroy()
}

/** One stream to its end. A server that is down is tried again: phones are out of reach now and then, too. */
async function follow(device: Device, signal: AbortSignal, see: (question: Question) => Promise<void>): Promise<void> {
  try {
    for await (const told of device.events(signal)) {
      if (told === 'refused') throw refusedBy('caller.refused')
      for (const question of told.prompts) await see(question)
    }
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof AppError) || error.code !== 'engine.unreachable') throw error
    console.error('The server cannot be reached; trying again.')
  }
}

/** `sallyport authenticator code`: the code of now, without a network. */
export function authenticatorCode(options: StateOption, env: NodeJS.ProcessEnv): void {
  const { oath, aheadMs } = stateIn(options, env)
  const at = new Date(clock.now().getTime() + aheadMs)
  const digits = oath.digits === 8 ? 8 : 6
  const secret = fromBase32(oath.secret) ?? new Uint8Array()
  console.log(totp({ secret, step: stepAt(at, oath.period), algorithm: oath.algorithm, digits }))
}

/** `sallyport authenticator leave`: this machine is no device of the account any more. */
export async function authenticatorLeave(options: StateOption, env: NodeJS.ProcessEnv): Promise<void> {
  const answer = await withDevice(options, env, ({ ask }) => ask('leaveAccount'))
  if (!answer.ok) throw refusedBy(answer.refusal)
  console.log('This device is off the account.')
}

type Device = ReturnType<typeof deviceClient>

async function converse(device: Device, question: Question, { line, secret }: Terminal): Promise<void> {
  for (const text of promptLines(question)) console.log(text)
  const asks = question.number ? 'The number on the page (or deny, fraud):' : 'approve, deny or fraud:'
  const said = (await line(asks))?.trim().toLowerCase() ?? ''
  if (said === 'deny' || said === 'fraud') return console.log(await answered(device, question, said, {}))
  if (said === '' || (!question.number && said !== 'approve')) return console.log('Not answered.')
  const pin = question.pin ? await secret('PIN:') : undefined
  const typed = { ...(question.number && { number: said }), ...(pin && { pin }) }
  console.log(await answered(device, question, 'approve', typed))
}

type Typed = { number?: string; pin?: string }

async function answered(device: Device, { id, challenge }: Question, verdict: Verdict, typed: Typed): Promise<string> {
  const answer = await device.ask('answerPrompt', { prompt: id, challenge, verdict, ...typed })
  if (!answer.ok) throw refusedBy(answer.refusal)
  return outcomeLine(answer.value)
}

async function withDevice<T>(
  options: StateOption,
  env: NodeJS.ProcessEnv,
  act: (device: Device) => Promise<T>,
): Promise<T> {
  const file = stateFile(options, env)
  const device = deviceClient(stateIn(options, env), {
    clock,
    keep: (state) => writeState(file, state),
    clockOff: (aheadMs) =>
      console.error(`The clock of this machine is ${Math.round(Math.abs(aheadMs) / 60_000)} minutes off.`),
  })
  try {
    return await act(device)
  } finally {
    await device.close()
  }
}

function atTerminal(): Terminal {
  return terminal({ input: process.stdin, output: process.stderr })
}

function stateIn(options: StateOption, env: NodeJS.ProcessEnv): DeviceState {
  const file = stateFile(options, env)
  const read = readState(file)
  if (!read) throw new Told(`There is no device in ${file}; activate one first.`)
  if ('problem' in read) throw new Told(read.problem)
  return read.state
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Told(`${file} cannot be read.`)
  }
}

function stateFile({ state }: StateOption, env: NodeJS.ProcessEnv): string {
  return state ?? join(env.XDG_CONFIG_HOME || join(env.HOME ?? '.', '.config'), 'sallyport', 'authenticator.json')
}

function refusedBy(refusal: string): Told {
  if (refusal === 'wait') return new Told('Too many wrong codes came from here; wait a while.')
  if (refusal === 'caller.refused') return new Told('This device was removed from the account.')
  return new Told(refusals[refusal as keyof typeof refusals] ?? `The server refused: ${printable(refusal)}`)
}

/** Between two streams, so that a server that is down is not called in a loop. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1_000)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
