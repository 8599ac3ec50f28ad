import type { Clock, Log } from '../../core/ports.ts'
import { nameOf, type RadiusServer, type Reached } from './radius-carrier.ts'
import type { radiusLiveness } from './radius-liveness.ts'

type Needs = {
  reach(server: RadiusServer): Promise<Reached>
  liveness: Pick<ReturnType<typeof radiusLiveness>, 'lose' | 'find' | 'isLost' | 'isResting'>
  clock: Clock
  log: Log
  /** Milliseconds between two questions to a server that is set aside, so that nobody who signs in has to find out that it is back. */
  lookMs: number
}

export type RadiusPulse = {
  /**
   * False where it has answered Status-Server before, and does not now. Asked before somebody's request is sent: one that
   * it never got it cannot answer later, by a second tap on a phone.
   */
  isFelt(server: RadiusServer): Promise<boolean>
  /** It answered a request. */
  heard(server: RadiusServer): void
  /** It left a request unanswered, or there was no way to it. */
  unheard(server: RadiusServer): void
  close(): void
}

/** `knows`: it has answered Status-Server, which many never do (NPS). `asking`: one question is for all who want to know. */
type State = {
  knows: boolean
  triedAt: number
  asking?: Promise<Reached> | undefined
  timer?: NodeJS.Timeout | undefined
}

/** Until a server that did not answer the question is asked it again. */
const LEARN_MS = 3_600_000

/** Who is there, asked by Status-Server (RFC 5997). */
export function radiusPulse({ reach, liveness, clock, log, lookMs }: Needs): RadiusPulse {
  const states = new Map<RadiusServer, State>()
  let isClosed = false

  function stateOf(server: RadiusServer): State {
    const state = states.get(server) ?? { knows: false, triedAt: Number.NEGATIVE_INFINITY }
    states.set(server, state)
    return state
  }

  function asked(server: RadiusServer): Promise<Reached> {
    const state = stateOf(server)
    state.asking ??= reach(server).finally(() => {
      state.asking = undefined
    })
    return state.asking
  }

  async function learn(server: RadiusServer): Promise<void> {
    const state = stateOf(server)
    state.triedAt = clock.now().getTime()
    state.knows = (await asked(server)) === 'answered'
    if (state.knows) log.info('a RADIUS server answers Status-Server', { server: nameOf(server) })
  }

  function lose(server: RadiusServer): void {
    if (!liveness.isLost(server))
      log.warn('a RADIUS server did not answer', { server: nameOf(server), asked: 'Status-Server' })
    liveness.lose(server)
    lookAfter(server)
  }

  function lookAfter(server: RadiusServer): void {
    const state = stateOf(server)
    if (isClosed || state.timer) return
    state.timer = setTimeout(() => {
      void look(server).finally(() => {
        state.timer = undefined
        if (liveness.isResting(server)) lookAfter(server)
      })
    }, lookMs).unref()
  }

  async function look(server: RadiusServer): Promise<void> {
    if (!liveness.isResting(server)) return
    const reached = await asked(server)
    if (reached === 'silent' || (reached === 'met' && !liveness.isLost(server))) return
    if (reached === 'answered') stateOf(server).knows = true
    liveness.find(server)
    log.info('a RADIUS server answers again', { server: nameOf(server) })
  }

  return {
    async isFelt(server) {
      if (liveness.isLost(server)) return false
      if (!stateOf(server).knows || (await asked(server)) !== 'silent') return true
      lose(server)
      return false
    },
    heard(server) {
      const { knows, triedAt } = stateOf(server)
      // It may have been told meanwhile not to answer the question: then it is no sign of anything.
      if (liveness.isLost(server)) void learn(server)
      else if (!knows && clock.now().getTime() - triedAt >= LEARN_MS) void learn(server)
    },
    unheard(server) {
      if (!stateOf(server).knows) return lookAfter(server)
      // One that answers this, and not whoever wants to sign in, rests for its time.
      void asked(server).then((reached) => {
        if (reached === 'silent') lose(server)
      })
    },
    close() {
      isClosed = true
      for (const { timer } of states.values()) clearTimeout(timer)
    },
  }
}
