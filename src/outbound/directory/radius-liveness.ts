import type { Clock } from '../../core/ports.ts'
import type { RadiusServer } from './radius-carrier.ts'

/** One request at one server. */
export type Watch = {
  /** Aborted where another request has found that the server answers nobody, and there is another to ask. */
  readonly silent: AbortSignal
  /** `left`: for reasons that say nothing of the server. `failed`: there was no way to it. */
  end(how: 'heard' | 'silent' | 'failed' | 'left'): void
}

/** `heardBefore`: how much was heard when it was asked; `heardOverdue`: when it should have been answered. */
type Waiting = { heardBefore: number; heardOverdue?: number; mayLeave: boolean; leaving: AbortController }
type State = { heard: number; restingUntil: number; waiting: Set<Waiting> }

/**
 * Who answers, from the requests under way. A server that is waiting for one person's tap answers others meanwhile, and is
 * not silent: nobody must have heard from it since that one should have been answered.
 */
export function radiusLiveness({ restMs, overdueMs }: { restMs: number; overdueMs: number }, clock: Clock) {
  const states = new Map<RadiusServer, State>()

  function stateOf(server: RadiusServer): State {
    const state = states.get(server) ?? { heard: 0, restingUntil: 0, waiting: new Set() }
    states.set(server, state)
    return state
  }

  /** First those of whom nothing bad is known, then those who let somebody wait, last those who rest. */
  function rank(server: RadiusServer): number {
    const state = stateOf(server)
    const { heard, waiting } = state
    if (isResting(state)) return 2
    return [...waiting].some((each) => each.heardOverdue !== undefined && each.heardBefore === heard) ? 1 : 0
  }

  function isResting({ restingUntil }: State): boolean {
    return restingUntil > clock.now().getTime()
  }

  /** One that is lost stays so. */
  function rest(state: State): void {
    state.restingUntil = Math.max(state.restingUntil, clock.now().getTime() + restMs)
  }

  return {
    /** It is set aside until it is found. A rest of no time is none. */
    lose(server: RadiusServer): void {
      if (restMs > 0) stateOf(server).restingUntil = Number.POSITIVE_INFINITY
    },
    find(server: RadiusServer): void {
      stateOf(server).restingUntil = 0
    },
    isLost: (server: RadiusServer) => stateOf(server).restingUntil === Number.POSITIVE_INFINITY,
    isResting: (server: RadiusServer) => isResting(stateOf(server)),

    /** All of them, for one may be all there is. */
    inOrder: (servers: readonly RadiusServer[]) => servers.toSorted((one, other) => rank(one) - rank(other)),

    watch(server: RadiusServer, mayLeave: boolean): Watch {
      const state = stateOf(server)
      const own: Waiting = { heardBefore: state.heard, mayLeave, leaving: new AbortController() }
      const timer = setTimeout(() => {
        own.heardOverdue = state.heard
      }, overdueMs)
      state.waiting.add(own)
      return {
        silent: own.leaving.signal,
        end(how) {
          clearTimeout(timer)
          state.waiting.delete(own)
          if (how === 'heard') {
            state.heard++
            state.restingUntil = 0
          }
          if (how === 'failed') rest(state)
          if (how !== 'silent' || state.heard !== (own.heardOverdue ?? own.heardBefore)) return
          rest(state)
          for (const { mayLeave, leaving } of state.waiting) if (mayLeave) leaving.abort(new Error('it is silent'))
        },
      }
    },
  }
}
