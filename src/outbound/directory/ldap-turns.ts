import { AppError } from '../../core/errors.ts'

export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/**
 * So many at once, and so many who wait; whoever comes then is told `queue.full` at once. A directory that answers slowly
 * costs what it may cost, and neither our memory nor its own last connections.
 */
export function turns({ atOnce, waiting }: { atOnce: number; waiting: number }): Turns {
  let working = 0
  const queue: (() => void)[] = []

  async function turn(): Promise<void> {
    if (working < atOnce) {
      working++
      return
    }
    if (queue.length >= waiting) throw new AppError('queue.full', { detail: 'the directory answers too slowly' })
    await new Promise<void>((resolve) => queue.push(resolve))
  }

  return async (work) => {
    await turn()
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else working--
    }
  }
}
