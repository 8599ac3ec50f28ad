import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From, SignedIn } from '../gate.ts'
import {
  approvedQuestions,
  QUESTIONS_CHOSEN,
  type Question,
  type ShippedQuestions,
} from '../methods/questions/approved.ts'
import { type SecurityAnswerStore, takeAnswers } from '../methods/questions/questions.ts'
import type { Clock, Write } from '../ports.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { paces, type ThrottleStore } from '../throttle/throttle.ts'
import type { UserStore } from '../users/user.ts'

type Stores = {
  users: UserStore
  securityAnswers: SecurityAnswerStore
  throttle: ThrottleStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type QuestionNeeds = {
  write: Write<Stores>
  securityAnswers: SecurityAnswerStore
  shipped: ShippedQuestions
  hasher: PasswordHasher
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
}

const RULES = { count: QUESTIONS_CHOSEN, minLength: 3 }
const unavailable = { ok: false, refusal: 'method.unavailable' } as const

export async function readQuestions(
  { securityAnswers, shipped, settings }: QuestionNeeds,
  { userId }: SignedIn,
  { language }: From,
): Promise<Answer<'readQuestions'>> {
  const current = settings.current()
  if (!current['portal.questions_fallback']) return unavailable
  const chosen = (await securityAnswers.allOf(userId)).map(({ questionId, question }) => ({ id: questionId, question }))
  const approved = [...approvedQuestions(current, language, shipped)]
  return { ok: true, value: { choose: QUESTIONS_CHOSEN, approved, chosen } }
}

/** The hashes are worked between two units of work. */
export async function answerOwnQuestions(
  needs: QuestionNeeds,
  { userId }: SignedIn,
  { answers }: Input<'answerOwnQuestions'>,
  from: From,
): Promise<Answer<'answerOwnQuestions'>> {
  const { write, shipped, hasher, notices, settings, clock } = needs
  const current = settings.current()
  if (!current['portal.questions_fallback']) return unavailable
  const chosen = withWords(answers, approvedQuestions(current, from.language, shipped))
  if (!chosen) return { ok: false, refusal: 'question.unknown' }

  const about = { userId, address: from.address, userAgent: from.userAgent }
  const began = clock.now()
  const until = await write(async ({ throttle, audit }) => {
    const wait = await throttle.spend(`answers-of:${userId}`, paces.reservesOf, began)
    if (wait) await audit.write({ ...about, at: began, what: 'questions.wait' })
    return wait
  })
  if (until) return { ok: true, value: { outcome: 'wait', until: until.toISOString() } }

  const taken = await takeAnswers({ hasher, sealing: notices.sealing, ids: notices.ids }, chosen, RULES)
  if (!taken.ok) return { ok: true, value: { outcome: 'refused', problems: taken.problems } }
  const now = clock.now()
  return write(async ({ users, securityAnswers, deliveries, audit }) => {
    const user = await users.hold(userId)
    if (!user || !(await securityAnswers.replaceAll(userId, taken.answers, now))) return unavailable
    await audit.write({ ...about, at: now, what: 'questions.answered', facts: { count: taken.answers.length } })
    await tellOf(notices, deliveries, user, { kind: 'questions-answered', address: from.address }, now)
    return { ok: true, value: { outcome: 'done' } }
  })
}

type Given = Input<'answerOwnQuestions'>['answers']

/** Undefined where one of them is no question of the list. */
function withWords(given: Given, approved: readonly Question[]) {
  const words = given.flatMap(({ id, answer }) => {
    const known = approved.find((question) => question.id === id)
    return known ? [{ questionId: id, question: known.question, answer }] : []
  })
  return words.length === given.length ? words : undefined
}
