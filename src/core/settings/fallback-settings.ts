import { z } from 'zod'
import { approvedQuestion, QUESTIONS_CHOSEN } from '../methods/questions/approved.ts'

/** What stands beside the method that a person chose, for the day on which that cannot be used. */
export const fallbackSettings = {
  'portal.oath_fallback': {
    schema: z.boolean(),
    standard: true,
    meaning: 'Use OATH token for fallback, when the chosen method cannot be used.',
  },
  'portal.oath_fallback_minutes': {
    schema: z.int().min(1).max(60),
    standard: 5,
    meaning:
      'Session timeout of that fallback: a session that it opened ends after so long without a request, where `session.idle_minutes` does not end it sooner. Giving the chosen method later makes it a session like any other.',
  },
  'portal.questions_fallback': {
    schema: z.boolean(),
    standard: false,
    meaning:
      'Use security questions for fallback. Below the standards of today: ASVS 6.4.2 and NIST SP 800-63B-4 section 3.1.1.2 want none, since others can find answers out.',
  },
  'portal.questions_needed': {
    schema: z.int().min(1).max(QUESTIONS_CHOSEN),
    standard: QUESTIONS_CHOSEN,
    meaning: `How many of the ${QUESTIONS_CHOSEN} questions that a user has chosen must be answered rightly.`,
  },
  'portal.questions': {
    schema: z.array(
      z.string().refine((line) => approvedQuestion(line) !== undefined, 'a language and a question: `en Which …?`'),
    ),
    standard: [],
    meaning: 'The questions that users may choose from, in this order, in place of those that come with the server.',
  },
  'portal.recovery_codes': {
    schema: z.boolean(),
    standard: false,
    meaning:
      'Let users make one-time recovery codes, each of which stands for the second step once. They are kept on paper, and whoever reads the paper has them: NIST SP 800-63B-4 counts them as a way to recover an account, not as an authenticator.',
  },
} as const
