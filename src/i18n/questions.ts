import { translator } from './catalogue.ts'
import { parseLanguage } from './languages.ts'

/** What only the person knows for long, and what does not change: no birthdays, no mothers, no favourites of this year. */
const shipped = [
  'concert',
  'friend',
  'teacher',
  'street',
  'toy',
  'dish',
  'job',
  'journey',
  'neighbour',
  'book',
] as const

/** The security questions that come with the server. */
export function questionsIn(language: string): readonly { id: string; question: string }[] {
  const t = translator(parseLanguage(language) ?? 'en')
  return shipped.map((id) => ({ id, question: t(`question.${id}`) }))
}
