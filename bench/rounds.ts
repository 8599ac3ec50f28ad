import { type Child, usageOf } from './children.ts'
import { type Round, roundOf } from './figures.ts'
import type { Load, Loaded, Request } from './load.ts'

export type Bench = {
  /** Where the load comes from. */
  generator: Child
  bare: Child<string>
  /** How long the bare server took to start, with its counters, in seconds. */
  bareStart: number
  connections: number
  /** Measured rounds of each subject; one more goes before, to warm up. */
  rounds: number
  /** Requests in a round. */
  each: number
}

export const COUNTERS = 10_000
/** On a slow or busy machine there are fewer rounds, so that all stays within three minutes. */
const ROUNDS_MAY_TAKE_MS = 8_000

/** A code is good once, so each round has people of its own. */
export const peopleFor = ({ rounds, each }: Bench) => (rounds + 1) * each

/** Rounds of ours and of the bare server take turns, so that what else the machine does meets both. */
export async function inTurns(
  bench: Bench,
  ourRound: (turn: number) => Promise<Round>,
): Promise<{ ours: Round[]; bare: Round[] }> {
  const ours: Round[] = []
  const bare: Round[] = []
  const deadline = performance.now() + ROUNDS_MAY_TAKE_MS
  for (let turn = 0; turn <= bench.rounds; turn++) {
    if (ours.length > 0 && performance.now() > deadline) break
    const pair = [await ourRound(turn), await bareRound(bench)] as const
    if (turn === 0) continue
    ours.push(pair[0])
    bare.push(pair[1])
  }
  return { ours, bare }
}

/** So many updates at the bare server. */
export async function bareRound(bench: Bench, count = bench.each): Promise<Round> {
  const requests = Array.from({ length: count }, (_, i): Request => {
    const body = JSON.stringify({ id: String(i % COUNTERS) })
    return { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body }
  })
  return (await loaded(bench, bench.bare.pid, { origin: bench.bare.ready, requests })).round
}

/** One round from the generator on the server with that process id. */
export async function loaded(
  { generator, connections }: Bench,
  pid: number,
  load: Omit<Load, 'connections'>,
): Promise<{ round: Round; answers: Record<string, number> }> {
  const before = usageOf(pid)
  const { seconds, times, answers } = await generator.ask<Loaded>({ connections, ...load })
  const after = usageOf(pid)
  const cpu = before && after && after.cpu - before.cpu
  return { round: roundOf(seconds, Float64Array.from(times), cpu), answers }
}
