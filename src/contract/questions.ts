import { z } from 'zod'
import { operation } from './operation.ts'
import { Done, None, Question, SecondStepVerdict, Wait } from './shapes.ts'

const Answers = z
  .array(z.object({ id: z.string().max(200), answer: z.string().max(256) }))
  .max(10)
  .meta({ description: 'by the id of the question' })

/** Security questions: fallen back to where the setting `portal.questions_fallback` is on, and never asked first. */
export const questions = {
  answerQuestions: operation({
    summary: 'Judges the answers to all questions at once, which costs one try.',
    callers: ['half signed in', 'signed in'],
    input: z.object({ answers: Answers }),
    output: SecondStepVerdict,
    refusals: ['method.unavailable'],
  }),
  readQuestions: operation({
    summary: 'The questions that the person may choose from, and those that are chosen. No answer is ever told.',
    callers: ['signed in'],
    input: None,
    output: z.object({
      choose: z.int().meta({ description: 'how many are to be chosen and answered' }),
      approved: z.array(Question),
      chosen: z.array(Question).meta({ description: 'in the words in which they were answered' }),
    }),
    refusals: ['method.unavailable'],
  }),
  answerOwnQuestions: operation({
    summary: 'Chooses questions and answers them, in place of all that were chosen before.',
    callers: ['signed in'],
    freshProof: true,
    input: z.object({ answers: Answers }),
    output: z.discriminatedUnion('outcome', [
      Done,
      z.object({
        outcome: z.literal('refused'),
        problems: z.array(
          z.object({
            problem: z.enum(['count', 'question-twice', 'answer-twice', 'too-short', 'too-long', 'own-words']),
            index: z.int().optional().meta({ description: 'of the answer, from 0; absent where it is about all' }),
          }),
        ),
      }),
      Wait,
    ]),
    refusals: ['method.unavailable', 'question.unknown'],
  }),
} as const
