import type { Settings } from '../settings/settings.ts'
import type { AnswerLimits, User } from '../users/user.ts'

export function limitsOf(settings: Settings): AnswerLimits {
  return {
    tries: settings['lock.tries'],
    lockMs: settings['lock.minutes'] * 60_000,
    budget: settings['lock.budget'],
  }
}

/** How many more wrong answers there may be before a lock, for a while or for good. */
export function triesLeft({ failures }: Pick<User, 'failures'>, { tries, budget }: AnswerLimits): number {
  return Math.min(tries - (failures % tries), budget - failures)
}
