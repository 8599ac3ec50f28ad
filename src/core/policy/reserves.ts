import type { SecurityAnswerStore } from '../methods/questions/questions.ts'
import type { RecoveryCodeStore } from '../recovery/recovery-codes.ts'
import type { Settings } from '../settings/settings.ts'
import type { Reserves } from './ways.ts'

export type ReserveNeeds = {
  securityAnswers: Pick<SecurityAnswerStore, 'allOf'>
  recoveryCodes: Pick<RecoveryCodeStore, 'countOf'>
}

/** What a person has put by. What no setting opens is not looked up: pages that wait look often. */
export async function reservesOf(
  { securityAnswers, recoveryCodes }: ReserveNeeds,
  userId: string,
  settings: Settings,
): Promise<Reserves> {
  return {
    questions: settings['portal.questions_fallback'] ? (await securityAnswers.allOf(userId)).length : 0,
    recoveryCodes: settings['portal.recovery_codes'] ? (await recoveryCodes.countOf(userId)).unused : 0,
  }
}
