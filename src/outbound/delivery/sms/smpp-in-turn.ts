export type InTurn<T> = {
  add(item: T): void
  /** How many wait for their turn. */
  waiting(): number
  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void>
  /** Forgets those that wait. */
  clear(): void
}

type Work<T> = { atOnce: number; run(item: T): Promise<void>; onChange(): void }

/** Works on so many at once and lets the others wait, first come, first served. `onChange` after each that is done or has to wait. */
export function inTurn<T>({ atOnce, run, onChange }: Work<T>): InTurn<T> {
  const running = new Set<Promise<void>>()
  let queue: T[] = []

  function next(): void {
    const free = atOnce - running.size
    for (const item of queue.splice(0, free)) {
      const work = run(item).finally(() => {
        running.delete(work)
        next()
        onChange()
      })
      running.add(work)
    }
  }

  return {
    add(item) {
      queue.push(item)
      next()
      if (queue.length > 0) onChange()
    },
    waiting: () => queue.length,
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
    clear: () => {
      queue = []
    },
  }
}
