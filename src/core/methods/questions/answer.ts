/** UTF-16 units, typed as well as normalised. */
const LONGEST = 256

/**
 * An answer as it is compared: capitals, spaces, punctuation, symbols and widths do not count (NFKC, Unicode Standard
 * section 3.13). Accents do: without them too many answers would be one. Undefined for what is too long.
 */
export function normalAnswer(typed: string): string | undefined {
  if (typed.length > LONGEST) return undefined
  const normal = wordsOf(typed).join('')
  return normal.length > LONGEST ? undefined : normal
}

/** `too-short`, `too-long`: of letters and digits. `own-words`: all of it is in the question. */
export type AnswerProblem = 'too-short' | 'too-long' | 'own-words'

export function answerProblem(typed: string, question: string, minLength: number): AnswerProblem | undefined {
  const answer = normalAnswer(typed)
  if (answer === undefined) return 'too-long'
  if (Array.from(answer).length < Math.max(1, minLength)) return 'too-short'
  return isOfWords(typed, answer, wordsOf(question)) ? 'own-words' : undefined
}

/** Some words of the question, in any order; or several that stand together in it, written as one. */
function isOfWords(typed: string, answer: string, words: readonly string[]): boolean {
  if (wordsOf(typed).every((word) => words.includes(word))) return true
  return words.some((_, from) => words.some((_, to) => words.slice(from, to + 1).join('') === answer))
}

function wordsOf(text: string): string[] {
  // Up and down again: ß and SS, and the three sigmas, are alike only that way.
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('i\u0307', 'i').replaceAll('ς', 'σ')
  return folded.normalize('NFKC').match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}
