import type { Ids } from '../../ports.ts'
import type { PasswordHasher } from '../../secrets/password-hash.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import { type AnswerProblem, answerProblem, normalAnswer } from './answer.ts'

/** A question that a user has chosen and answered. */
export type SecurityAnswer = {
  id: string
  questionId: string
  /** As it was when it was answered: the list of questions may change after that. */
  question: string
  /** Argon2id of the normalised answer, sealed at the place that `answerPlace` names: answers are short and guessable. */
  sealedHash: string
}

export interface SecurityAnswerStore {
  /** In the order in which they were chosen. */
  allOf(userId: string): Promise<SecurityAnswer[]>
  /** In place of all that were there. False when there is no such user. */
  replaceAll(userId: string, answers: readonly SecurityAnswer[], now: Date): Promise<boolean>
  /** False when there were none. */
  removeOf(userId: string): Promise<boolean>
}

export type AnswerRules = {
  /** How many questions are to be chosen; exactly so many. */
  count: number
  /** Letters and digits that an answer has at least. */
  minLength: number
}

type Chosen = { questionId: string; question: string; answer: string }

/** `count`: too many or too few. `question-twice`, `answer-twice`: the same as one before it. By the place in the list. */
export type ChoiceProblem =
  | { problem: 'count' }
  | { problem: AnswerProblem | 'question-twice' | 'answer-twice'; index: number }

export function choiceProblems(chosen: readonly Chosen[], { count, minLength }: AnswerRules): ChoiceProblem[] {
  if (chosen.length !== count) return [{ problem: 'count' }]
  const problems: ChoiceProblem[] = []
  for (const [index, { questionId, question, answer }] of chosen.entries()) {
    const before = chosen.slice(0, index)
    const sameQuestion = (other: Chosen) =>
      other.questionId === questionId || normalAnswer(other.question) === normalAnswer(question)
    if (before.some(sameQuestion)) problems.push({ problem: 'question-twice', index })

    const problem = answerProblem(answer, question, minLength)
    if (problem) problems.push({ problem, index })
    else if (before.some((other) => normalAnswer(other.answer) === normalAnswer(answer)))
      problems.push({ problem: 'answer-twice', index })
  }
  return problems
}

type Hashing = { hasher: PasswordHasher; sealing: Sealing }

/** Answers that may be stored (`replaceAll`), or all that is wrong with them. A hash's work for each, outside of any unit. */
export async function takeAnswers(
  { hasher, sealing, ids }: Hashing & { ids: Ids },
  chosen: readonly Chosen[],
  rules: AnswerRules,
): Promise<{ ok: true; answers: SecurityAnswer[] } | { ok: false; problems: ChoiceProblem[] }> {
  const problems = choiceProblems(chosen, rules)
  if (problems.length > 0) return { ok: false, problems }
  const taking = chosen.map(async ({ questionId, question, answer }) => {
    const id = ids.next()
    const hash = await hasher.hash(normalAnswer(answer) ?? '')
    return { id, questionId, question, sealedHash: sealing.seal(hash, answerPlace(id)) }
  })
  return { ok: true, answers: await Promise.all(taking) }
}

type Given = { questionId: string; answer: string }
type Asked = {
  /** All that the user has answered. */
  stored: readonly SecurityAnswer[]
  given: readonly Given[]
  /** How many must be right. */
  needed: number
}

/**
 * Whether enough answers are right. Every stored one is compared, whatever was given and however the others turned out,
 * and of several given to one question the first counts: neither fewer answers nor other questions make it easier, and
 * time does not tell which was wrong. The caller has spent one try of the second step's budget for all of them.
 */
export async function judgeAnswers({ hasher, sealing }: Hashing, { stored, given, needed }: Asked): Promise<boolean> {
  const first = new Map<string, string>()
  for (const { questionId, answer } of given) if (!first.has(questionId)) first.set(questionId, answer)

  // Whoever has answered too few is not told from others by the time it takes either.
  const missing = Array.from({ length: Math.max(0, needed - stored.length) }, () => hasher.verify('', undefined))
  const compared = stored.map(async ({ id, questionId, sealedHash }) => {
    const answer = normalAnswer(first.get(questionId) ?? '') ?? ''
    const hash = Buffer.from(sealing.open(sealedHash, answerPlace(id))).toString()
    return (await hasher.verify(answer, hash)) && answer !== ''
  })
  const [verdicts] = await Promise.all([Promise.all(compared), Promise.all(missing)])
  return verdicts.filter(Boolean).length >= Math.max(1, needed)
}

export function answerPlace(answerId: string): string {
  return `security_answer/${answerId}/hash`
}
