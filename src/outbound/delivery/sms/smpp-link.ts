import { setTimeout as pause } from 'node:timers/promises'
import type { Clock, Log, Random } from '../../../core/ports.ts'
import { SmppFailure } from './smpp-failure.ts'
import type { SmppSession } from './smpp-session.ts'

export type SmppLink = {
  /**
   * The session that stands, or the one being opened. Throws SmppFailure while the last try has failed and the next is
   * not due: whoever sends may have another provider.
   */
  session(): Promise<SmppSession>
  /** Opens it without waiting for somebody who wants to send. */
  start(): void
  close(): Promise<void>
}

type Needs = {
  /** Connects and binds. Throws SmppFailure. */
  open(stop: AbortSignal): Promise<SmppSession>
  provider: string
  pauses: Pauses
  random: Random
  clock: Clock
  log: Log
}

/** Milliseconds. The first is doubled with each failure in a row, up to the longest. */
export type Pauses = { first: number; longest: number }

/** A session that ends sooner counts as a failed try: a centre that throws us out at once is not asked ten times a second. */
const STEADY_AFTER_MS = 10_000

/** Keeps one session open: opens it again when it ended, with longer and longer pauses while that fails. */
export function smppLink({ open, provider, pauses, random, clock, log }: Needs): SmppLink {
  const stop = new AbortController()
  let coming = pending()
  let standing: SmppSession | undefined
  let running: Promise<void> | undefined

  async function keepOpen(): Promise<void> {
    let failures = 0
    while (!stop.signal.aborted) {
      const began = clock.now().getTime()
      const why = await useOnce()
      if (stop.signal.aborted) return
      failures = clock.now().getTime() - began >= STEADY_AFTER_MS && why.opened ? 0 : failures + 1
      log.warn(why.opened ? 'The session with an SMPP centre ended' : 'An SMPP centre cannot be reached', {
        provider,
        why: why.reason,
      })
      // After one that held, the next is near.
      coming = failures === 0 ? pending() : refused(why.reason)
      await pause(pauseAfter(failures, pauses, random), undefined, { signal: stop.signal }).catch(() => {})
      if (failures > 0) coming = pending()
    }
  }

  /** From the opening of a session to its end. */
  async function useOnce(): Promise<{ opened: boolean; reason: string }> {
    try {
      standing = await open(stop.signal)
    } catch (error) {
      const reason = error instanceof SmppFailure ? error.message : String(error)
      coming.reject(new SmppFailure(reason))
      return { opened: false, reason }
    }
    if (stop.signal.aborted) await standing.unbind()
    else log.info('The session with an SMPP centre stands', { provider })
    coming.resolve(standing)
    return { opened: true, reason: await standing.ended }
  }

  function start(): void {
    if (!stop.signal.aborted) running ??= keepOpen()
  }

  return {
    start,
    session() {
      start()
      return coming.promise
    },
    async close() {
      stop.abort()
      await standing?.unbind()
      await running
      coming = refused('closed')
    },
  }
}

type Coming = PromiseWithResolvers<SmppSession>

function pending(): Coming {
  const coming = Promise.withResolvers<SmppSession>()
  // Nobody may be waiting for it.
  coming.promise.catch(() => {})
  return coming
}

function refused(why: string): Coming {
  const coming = pending()
  coming.reject(new SmppFailure(why))
  return coming
}

/** Doubled with each failure; then from half of it to all of it, so that many nodes do not come back at the same moment. */
export function pauseAfter(failures: number, { first, longest }: Pauses, random: Random): number {
  const whole = Math.min(first * 2 ** Math.max(0, failures - 1), longest)
  return whole / 2 + random.below(Math.max(1, Math.ceil(whole / 2)))
}
