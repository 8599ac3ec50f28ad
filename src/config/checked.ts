import { AppError } from '../core/errors.ts'

/** What the rules have made sure of, for the compiler. */
export function checked<T>(value: T | undefined): T {
  if (value === undefined) throw new AppError('config.wrong', { detail: 'an option was not checked' })
  return value
}
