export type SmppWindow = {
  /** Resolves when there is room; what comes back gives it free again. Rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<() => void>
}

/** So many at a time, and the others in the order in which they came. */
export function smppWindow(size: number): SmppWindow {
  const queue = new Set<() => void>()
  let inside = 0

  function leaver(): () => void {
    let left = false
    return () => {
      if (left) return
      left = true
      inside--
      const [first] = queue
      first?.()
    }
  }

  return {
    enter(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<() => void>()
      if (signal.aborted) {
        reject(signal.reason)
        return promise
      }
      const goIn = () => {
        queue.delete(goIn)
        signal.removeEventListener('abort', giveUp)
        inside++
        resolve(leaver())
      }
      const giveUp = () => {
        queue.delete(goIn)
        reject(signal.reason)
      }
      if (inside < size) goIn()
      else {
        signal.addEventListener('abort', giveUp, { once: true })
        queue.add(goIn)
      }
      return promise
    },
  }
}
