import { actions, button, postForm } from '../web/design/actions.ts'
import { notice } from '../web/design/blocks.ts'
import { field } from '../web/design/fields.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { answerForm } from './questions.page.ts'
import { type SecondStepView, stepPage } from './second-step.frame.ts'
import { queryOf } from './way-query.ts'

/** What a person has put by, asked as the second step: answers to questions, or a code of the list on paper. */
export function questionsPage(frame: Frame, view: SecondStepView): Html {
  const { t } = frame
  const { step, complaint, to } = view
  return stepPage(frame, view, {
    heading: t('questions.heading'),
    lede: t('questions.lede'),
    above: complaint && notice({ tone: 'bad', text: complaint }),
    body: answerForm(frame, { to: `/second-step/questions${queryOf({ to })}`, questions: step.questions ?? [] }),
    others: [],
    step,
  })
}

export function recoveryPage(frame: Frame, view: SecondStepView): Html {
  const { t } = frame
  const { step, complaint, to, typed: value } = view
  // Four groups of four letters do not fit into the large field of a short code. No browser is to remember it.
  const ofPaper = { autocomplete: 'off', verbatim: true, maxLength: 64, autofocus: true } as const
  return stepPage(frame, view, {
    heading: t('recovery.heading'),
    lede: t('recovery.lede'),
    body: postForm(frame, {
      to: `/second-step${queryOf({ way: 'recovery', to })}`,
      body: [
        field(t, { name: 'code', label: t('recovery.label'), complaint, value, ...ofPaper }),
        actions([button({ label: t('button.continue') })], { stacked: true }),
      ],
    }),
    others: [],
    step,
  })
}
