import { Removed } from './mobile-service.js'

/** Seconds until the next try, by how many have failed in a row. */
const PAUSES = [1, 2, 4, 8, 15]

/**
 * Knows what this device is asked, as long as the app is open. `list` gets it at the start and at each change, `offline`
 * whether there is no connection, `removed` that there is no account any more.
 */
export function watchPrompts({ service, list, offline, removed }) {
  let over = false
  let hearing = new AbortController()
  let wake = () => {}
  const again = () => {
    hearing.abort()
    wake()
  }
  const seen = () => document.visibilityState === 'visible' && again()
  window.addEventListener('online', again)
  document.addEventListener('visibilitychange', seen)
  void run()

  async function run() {
    let failed = 0
    const heard = (prompts) => {
      if (over) return
      if (failed > 0) offline(false)
      failed = 0
      // Not in here: what goes wrong on a screen is no trouble of the network's.
      queueMicrotask(() => list(prompts))
    }
    while (!over) {
      hearing = new AbortController()
      const { signal } = hearing
      try {
        await service.hear(signal, heard)
        await pause(0.2)
      } catch (error) {
        if (over) return
        if (error instanceof Removed) return end(removed)
        if (signal.aborted) continue
        if (failed === 0) offline(true)
        await pause(PAUSES[Math.min(failed, PAUSES.length - 1)])
        failed += 1
      }
    }
  }

  function pause(seconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  function end(then) {
    over = true
    hearing.abort()
    window.removeEventListener('online', again)
    document.removeEventListener('visibilitychange', seen)
    then?.()
  }

  return { lookNow: again, stop: () => end() }
}
