import type { Output } from '../../contract/contract.ts'
import { actions, button, link, postForm } from '../web/design/actions.ts'
import { type Complaint, errorSummary, notice, type RowView } from '../web/design/blocks.ts'
import { field, selectField } from '../web/design/fields.ts'
import { sitePage } from '../web/design/layout.ts'
import { type Html, html, type Piece } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

type Asked = NonNullable<Output<'readSecondStep'>['questions']>

/** One field for each question. No browser is to remember the answers, and none is sent back. */
export function answerForm(frame: Frame, { to, questions }: { to: string; questions: Asked }): Html {
  const { t } = frame
  const fields = questions.map(({ question }, i) =>
    field(t, { name: answerName(i), label: question, autocomplete: 'off', maxLength: 256, autofocus: i === 0 }),
  )
  return postForm(frame, { to, body: [fields, actions([button({ label: t('button.continue') })], { stacked: true })] })
}

export function answerName(i: number): string {
  return `answer-${i + 1}`
}

export function questionName(i: number): string {
  return `question-${i + 1}`
}

/** On the account page; nothing where there are no questions to be had. */
export function questionLines({ t, to }: Frame, answered: number | undefined): RowView[] {
  if (answered === undefined) return []
  const term = t('account.questions')
  const action = { to: to('/account/questions'), object: t('account.questions.object') }
  if (answered === 0) {
    const label = t('button.add')
    return [{ term, value: t('account.none'), note: t('account.questions.none'), action: { ...action, label } }]
  }
  const value = t('account.questions.answered', { count: answered })
  return [{ term, value, action: { ...action, label: t('button.change') } }]
}

export type QuestionsView = Output<'readQuestions'> & {
  who: string
  /** The ids that were chosen in a form that comes back. */
  picked: readonly string[]
  complaints: readonly Complaint[]
  wait?: string
}

/** Choosing and answering, all at once: they count only together. */
export function questionsPage(frame: Frame, view: QuestionsView): Html {
  const { t, to } = frame
  const { who, choose, complaints, wait } = view
  return sitePage(frame, {
    heading: t('questions.choose.heading', { count: choose }),
    lede: t('questions.choose.lede'),
    who,
    shape: 'card',
    failed: complaints.length > 0 || wait !== undefined,
    above: [wait && notice({ tone: 'bad', text: wait }), errorSummary(t, complaints)],
    body: postForm(frame, {
      to: '/account/questions',
      body: [
        Array.from({ length: choose }, (_, i) => oneQuestion(frame, view, i)),
        actions([
          button({ label: t('button.save') }),
          link({ label: t('button.cancel'), to: to('/account'), kind: 'second' }),
        ]),
      ],
    }),
  })
}

function oneQuestion({ t }: Frame, { approved, chosen, picked, complaints }: QuestionsView, i: number): Piece {
  const about = (name: string) => complaints.find((complaint) => complaint.field === name)?.text
  const options = approved.map(({ id, question }) => ({ value: id, label: question }))
  const number = i + 1
  return html`${selectField(t, {
    name: questionName(i),
    label: t('questions.question', { number }),
    options,
    placeholder: t('questions.pick'),
    value: picked[i] ?? chosen[i]?.id,
    complaint: about(questionName(i)),
  })}${field(t, {
    name: answerName(i),
    label: t('questions.answer', { number }),
    autocomplete: 'off',
    maxLength: 256,
    complaint: about(answerName(i)),
  })}`
}
