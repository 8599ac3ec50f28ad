import type { CallEvents, VoiceCaller } from '../../../core/delivery/voice.ts'
import { AppError } from '../../../core/errors.ts'
import type { Clock, Log } from '../../../core/ports.ts'
import { type SimulatedCall, SimulatedLine } from './simulated-line.ts'

/** What a person does with a simulated phone. False: there was nothing to do it to. Resolves when it was heard. */
export interface SimulatedCalls {
  /** Newest first; those of one number, or of all. */
  calls(to?: string): SimulatedCall[]
  answer(id: string): Promise<boolean>
  /** Keys of a phone: digits, * and #. Those that nobody waits for are lost, as on any phone. */
  press(id: string, keys: string): Promise<boolean>
  hangUp(id: string): Promise<boolean>
  decline(id: string): Promise<boolean>
  /** Called after each change; what comes back ends it. */
  subscribe(listener: () => void): () => void
}

export type CallSimulator = {
  caller: VoiceCaller
  phones: SimulatedCalls
  /** Who is told what happens in calls; before that none can be placed. */
  connect(events: CallEvents): void
  /** Ends all calls without telling. */
  close(): void
}

type Needs = { clock: Clock; log: Pick<Log, 'error'> }

const MOST_KEPT = 200

/** Every phone of the demo rings here. One that rings or talks already is busy. */
export function callSimulator({ clock, log }: Needs): CallSimulator {
  const lines = new Map<string, SimulatedLine>()
  const listeners = new Set<() => void>()
  let events: CallEvents | undefined

  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  const caller: VoiceCaller = {
    name: 'simulator',
    async place(call, signal) {
      if (!events || signal.aborted) throw new AppError('delivery.failed', { detail: 'the simulator is not ready' })
      const isBusy = [...lines.values()].some((line) => line.call.to === call.to && line.state !== 'over')
      const failed = (error: unknown) => log.error('A simulated call has failed', { call: call.id }, error)
      const line = new SimulatedLine(call, clock.now(), { events, changed, failed })
      lines.set(call.id, line)
      for (const id of [...lines.keys()].slice(0, -MOST_KEPT)) lines.delete(id)
      if (isBusy) void line.end('busy')
      else line.ring()
      return { providerId: call.id }
    },
    async hangUp(id) {
      await when(lines, id, 'ringing', (line) => line.end('no-answer'))
      await when(lines, id, 'talking', (line) => line.end('hung-up'))
    },
  }

  return {
    caller,
    phones: phonesOf(lines, listeners),
    connect(listening) {
      events = listening
    },
    close() {
      for (const line of lines.values()) line.drop()
      events = undefined
    },
  }
}

type Lines = ReadonlyMap<string, SimulatedLine>

function phonesOf(lines: Lines, listeners: Set<() => void>): SimulatedCalls {
  return {
    calls: (to) =>
      [...lines.values()]
        .filter(({ call }) => to === undefined || call.to === to)
        .map((line) => line.shown())
        .reverse(),
    answer: (id) => when(lines, id, 'ringing', (line) => line.answer()),
    press: (id, keys) => when(lines, id, 'talking', (line) => line.press(keys)),
    hangUp: (id) => when(lines, id, 'talking', (line) => line.end('hung-up')),
    decline: (id) => when(lines, id, 'ringing', (line) => line.end('declined')),
    subscribe(listener) {
      // Its own entry for each call, so that the same function may listen twice.
      const entry = () => listener()
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
  }
}

/** Does it to a line in that state. */
async function when(
  lines: Lines,
  id: string,
  state: SimulatedLine['state'],
  act: (line: SimulatedLine) => Promise<void>,
): Promise<boolean> {
  const line = lines.get(id)
  if (line?.state !== state) return false
  await act(line)
  return true
}
