import type { Output } from '../../contract/contract.ts'
import type { Complaint } from '../web/design/blocks.ts'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { account } from './journey.ts'
import { proofFirst, timeOf } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { answerName, questionName, questionsPage } from './questions.page.ts'

/** GET /account/questions. */
export async function getQuestions(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  return show(portal, request, { picked: [], complaints: [] })
}

type Show = { picked: readonly string[]; complaints: readonly Complaint[]; wait?: string }

async function show(portal: Portal, request: PageRequest, view: Show): Promise<Reply> {
  const { displayName: who } = await tell(portal, request, 'readAccount', {})
  const told = await ask(portal, request, 'readQuestions', {})
  if (!told.ok) return seeOther('/account')
  const failed = view.complaints.length > 0
  return page(questionsPage(request, { who, ...told.value, ...view }), view.wait ? 429 : failed ? 422 : 200)
}

/** POST /account/questions. */
export async function postQuestions(portal: Portal, request: PageRequest): Promise<Reply> {
  const { t, form } = request
  const told = await ask(portal, request, 'readQuestions', {})
  if (!told.ok) return seeOther('/account')
  const places = Array.from({ length: told.value.choose }, (_, i) => i)
  const picked = places.map((i) => form.text(questionName(i), 200))
  const answers = places.map((i) => ({ id: picked[i] ?? '', answer: form.text(answerName(i), 256) }))
  const again = (complaints: readonly Complaint[]) => show(portal, request, { picked, complaints })

  const known = (id: string) => told.value.approved.some((question) => question.id === id)
  const missing = places.flatMap((i) => [
    ...(known(picked[i] ?? '') ? [] : [{ field: questionName(i), text: t('questions.missing') }]),
    ...(answers[i]?.answer ? [] : [{ field: answerName(i), text: t('questions.answer.missing') }]),
  ])
  if (missing.length > 0) return again(missing)

  const saved = await ask(portal, request, 'answerOwnQuestions', { answers })
  if (!saved.ok) return seeOther('/account/questions')
  switch (saved.value.outcome) {
    case 'done':
      return seeOther('/account?done=questions')
    case 'wait': {
      const wait = t('questions.wait', { time: await timeOf(portal, request, saved.value.until) })
      return show(portal, request, { picked, complaints: [], wait })
    }
    case 'refused':
      return again(saved.value.problems.map((problem) => complaintOf(request, problem)))
  }
}

type Problem = Extract<Output<'answerOwnQuestions'>, { outcome: 'refused' }>['problems'][number]

function complaintOf({ t }: PageRequest, { problem, index = 0 }: Problem): Complaint {
  const isOfQuestion = problem === 'question-twice' || problem === 'count'
  return {
    field: isOfQuestion ? questionName(index) : answerName(index),
    text: t(`questions.problem.${problem}`),
  }
}
