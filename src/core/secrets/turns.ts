import { AppError } from '../errors.ts'

type Limits = {
  /** How many run at a time. */
  atOnce: number
  /** How many more may wait for a turn. */
  waiting: number
}

/**
 * Lets so many pieces of work run at a time, in the order they came. Whoever comes when the queue is full hears
 * `queue.full` at once: a late answer would help nobody and the wait would grow for all.
 */
export function turns({ atOnce, waiting }: Limits): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = []
  let running = 0

  return async function take(work) {
    if (running < atOnce) {
      running++
    } else {
      if (queue.length >= waiting) throw new AppError('queue.full')
      // Whoever ends hands its place on, so `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve))
    }

    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}
