import { type Language, languages } from '../../../contract/languages.ts'
import type { Settings } from '../../settings/settings.ts'

/** How many questions a person chooses and answers. */
export const QUESTIONS_CHOSEN = 4

/** `id` stays when the words of a question are put otherwise. */
export type Question = { id: string; question: string }

/** The questions that come with the server, in a language. */
export type ShippedQuestions = (language: string) => readonly Question[]

const LONGEST = 200

/** `en Which …?`: a question as settings write it. */
export function approvedQuestion(line: string): { language: Language; question: string } | undefined {
  const [, language, question = ''] = /^(\w+)\s+(\S.*)$/su.exec(line.trim()) ?? []
  const known = languages.find((each) => each === language)
  return known && question.length <= LONGEST ? { language: known, question } : undefined
}

/**
 * What a person may choose from: the operator's questions in the person's language, else in the company's, else whichever
 * there are; those that come with the server, where the operator has approved none.
 */
export function approvedQuestions(
  settings: Settings,
  language: string | undefined,
  shipped: ShippedQuestions,
): readonly Question[] {
  const company = settings['company.language']
  const own = settings['portal.questions'].flatMap((line) => approvedQuestion(line) ?? [])
  if (own.length === 0) return shipped(language ?? company)
  const inOne = [language, company].map((wanted) => own.filter((each) => each.language === wanted))
  const found = inOne.find((questions) => questions.length >= QUESTIONS_CHOSEN) ?? own
  return found.map(({ question }) => ({ id: question, question }))
}
