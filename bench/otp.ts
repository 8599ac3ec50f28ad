import { sdkJson } from '../src/protocols/sdk-json.ts'
import type { Called, Calls } from './callers.ts'
import { startChild } from './children.ts'
import { type Figure, figuresOf, type Round, roundOf } from './figures.ts'
import type { Request } from './load.ts'
import { addPeople, codeOf, home, type Person, type Place, type Typed } from './people.ts'
import { type Bench, inTurns, loaded, peopleFor } from './rounds.ts'

export const account = { name: 'bench', password: 'sixteen-or-more-characters' }
const OUTCOME = { right: 'passed', wrong: 'wrong' } as const

/** Verifications without a network: 50 callers in the engine's own process. */
export async function otpInProcess(bench: Bench, name: string, place: Place): Promise<Figure[]> {
  const people = await addPeople(place, peopleFor(bench))
  const child = await startChild('callers.ts', place.folder, ...(place.databaseUrl ? [place.databaseUrl] : []))
  const round = async (some: readonly Person[], typed: Typed): Promise<Round> => {
    const steps = some.map((person) => ({ session: person.session, code: codeOf(person, typed) }))
    const calls: Calls = { callers: bench.connections, steps }
    const { seconds, times, answers, cpu } = await child.ask<Called>(calls)
    onlyOutcome(answers, typed, steps.length)
    return roundOf(seconds, Float64Array.from(times), cpu)
  }
  try {
    return await bothWays(bench, people, `OTP, in process, ${name}`, round)
  } finally {
    await child.stop()
  }
}

/** The same through the JSON door, in plain HTTP. */
export async function otpOverHttp(bench: Bench, place: Place): Promise<Figure[]> {
  const people = await addPeople(place, peopleFor(bench))
  const door = await startChild<string>('door.ts', place.folder, account.name, account.password)
  try {
    return await otpAt(bench, people, 'OTP over HTTP', { pid: door.pid, origin: door.ready })
  } finally {
    await door.stop()
  }
}

type Door = { pid: number; origin: string; ca?: string }

/** At a door that is open already. */
export async function otpAt(bench: Bench, people: readonly Person[], name: string, door: Door): Promise<Figure[]> {
  return bothWays(bench, people, name, async (some, typed) => {
    const requests = some.map((person) => requestOf(person, typed))
    const { round, answers } = await loaded(bench, door.pid, { origin: door.origin, ca: door.ca, requests })
    onlyOutcome(answers, typed, requests.length)
    return round
  })
}

type OneRound = (some: readonly Person[], typed: Typed) => Promise<Round>

/** Wrong codes first: they leave the sign-in open, and the token's steps unspent, for the right ones. */
async function bothWays(bench: Bench, people: readonly Person[], name: string, round: OneRound): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const typed of ['wrong', 'right'] as const) {
    const { ours, bare } = await inTurns(bench, (turn) =>
      round(people.slice(turn * bench.each, (turn + 1) * bench.each), typed),
    )
    figures.push(...figuresOf(`${name}, ${typed} codes`, 'steps', ours, bare))
  }
  return figures
}

function requestOf(person: Person, typed: Typed): Request {
  const basic = Buffer.from(`${account.name}:${account.password}`).toString('base64')
  const headers = {
    authorization: `Basic ${basic}`,
    'content-type': 'application/json',
    [sdkJson.headers.session]: person.session,
    [sdkJson.headers.address]: home.address,
    [sdkJson.headers.agent]: home.userAgent,
  }
  const body = JSON.stringify({ method: 'oath', code: codeOf(person, typed) })
  return { method: 'POST', path: `${sdkJson.path}/v1/answerSecondStep`, headers, body }
}

/** A figure of something else than what was to be measured is none. */
function onlyOutcome(answers: Record<string, number>, typed: Typed, count: number): void {
  if (answers[OUTCOME[typed]] !== count) throw new Error(`${typed} codes were answered by ${JSON.stringify(answers)}`)
}
