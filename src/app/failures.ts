import { AppError } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'

/** How doors meet what nobody expected: written down under the request's id, and told apart by whether it passes. */
export function failureIn(log: Log) {
  return (error: unknown, about: { id: string; method: string; path: string }): 500 | 503 => {
    const facts = { request: about.id, method: about.method, route: about.path.replace(/\?.*$/s, '') }
    if (error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'busy')) {
      log.warn('A request could not be answered', { ...facts, code: error.code, why: error.message })
      return 503
    }
    log.error('A request failed', facts, error)
    return 500
  }
}
