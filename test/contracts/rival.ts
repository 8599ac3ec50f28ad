import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Call } from '../../src/contract/caller.ts'
import type { Answer, Name } from '../../src/contract/contract.ts'
import type { Reply } from '../../src/core/delivery/replies.ts'

export type RivalCall = { name: Name; call: Call; input: unknown }
/** A reply crosses to the other process as JSON. */
type RivalReply = Omit<Reply, 'at'>
/** `minutes`: how far its clock is to go on first; `replies`: the same text, so many times. */
export type Order = {
  id: number
  minutes?: number | undefined
  calls: RivalCall[]
  replies?: { reply: RivalReply; times: number } | undefined
}
type Told = { id: number; answers: unknown[] }

/** An engine in a process of its own, on the database of another. */
export type Rival = {
  ask(calls: RivalCall[]): Promise<Answer<Name>[]>
  take(reply: Reply, times: number): Promise<void>
  advance(minutes: number): Promise<void>
  close(): Promise<void>
}

type Wanted = { where: string; masterKey: Uint8Array; settings: Record<string, unknown> }

export async function startRival({ where, masterKey, settings }: Wanted): Promise<Rival> {
  const key = Buffer.from(masterKey).toString('base64')
  const file = fileURLToPath(new URL('rival.program.ts', import.meta.url))
  const child = fork(file, [where, key, JSON.stringify(settings)])
  const waiting = new Map<number, (answers: unknown[]) => void>()
  child.on('message', ({ id, answers }: Told) => {
    waiting.get(id)?.(answers)
    waiting.delete(id)
  })
  const ended = once(child, 'exit')
  await Promise.race([new Promise<unknown>((resolve) => waiting.set(0, resolve)), failed(child, ended)])

  let last = 0
  const order = (work: Omit<Order, 'id'>) => {
    const id = ++last
    const answers = new Promise<unknown[]>((resolve) => waiting.set(id, resolve))
    child.send({ id, ...work })
    return Promise.race([answers, failed(child, ended)])
  }
  return {
    ask: async (calls) => (await order({ calls })) as Answer<Name>[],
    take: async ({ at: _, ...reply }, times) => void (await order({ calls: [], replies: { reply, times } })),
    advance: async (minutes) => void (await order({ minutes, calls: [] })),
    async close() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

async function failed(child: ChildProcess, ended: Promise<unknown>): Promise<never> {
  await ended
  throw new Error(`the other process ended with ${child.exitCode ?? child.signalCode}`)
}
