import type { Settings } from '../settings/settings.ts'
import type { AnswerLimits } from '../users/user.ts'

export function limitsOf(settings: Settings): AnswerLimits {
  return {
    tries: settings['lock.tries'],
    lockMs: settings['lock.minutes'] * 60_000,
    budget: settings['lock.budget'],
  }
}
