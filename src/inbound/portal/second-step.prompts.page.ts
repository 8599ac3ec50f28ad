import { button, postForm } from '../web/design/actions.ts'
import { notice } from '../web/design/blocks.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { outcomeOf, waitingForCall, wakesIn } from './call.page.ts'
import { type SecondStepView, stepPage } from './second-step.frame.ts'
import { queryOf } from './way-query.ts'

/** The person's phone rings, or would. */
export function callPage(frame: Frame, view: SecondStepView): Html {
  const { t } = frame
  const { step, now, to } = view
  const { call } = step
  const told = view.notice && notice({ tone: 'warn', text: t(`call.${view.notice}`) })
  const callMe = (label: string, kind: 'plain' | 'primary', wakes = 0) =>
    postForm(frame, {
      to: `/second-step/call${queryOf({ to })}`,
      shape: kind === 'plain' ? 'inline' : 'block',
      body: button({ label, kind, ...(wakes > 0 && { wakesAfterSeconds: wakes }) }),
    })
  if (!call || call.state === 'over') {
    const words = call ? 'call.over' : 'call.none'
    return stepPage(frame, view, {
      heading: t(`${words}.heading`),
      lede: t(`${words}.lede`),
      refreshSeconds: 900,
      above: [told, call && outcomeOf(frame, call)],
      body: callMe(t(call ? 'call.again' : 'call.now'), 'primary'),
      others: [],
      step,
    })
  }
  const { above, ...waiting } = waitingForCall(frame, call)
  return stepPage(frame, view, {
    ...waiting,
    above: [told, ...above],
    others: [callMe(t('call.again'), 'plain', wakesIn(call, now))],
    othersHeading: t('call.nothing'),
    step,
  })
}
