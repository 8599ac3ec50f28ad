import type { Output } from '../../contract/contract.ts'
import { actions, button, postForm, ways } from '../web/design/actions.ts'
import { choice } from '../web/design/fields.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { type Journey, journeyPage, phoneSteps } from './journey.ts'

type Method = Output<'readSetup'>['methods'][number]
export type SetupView = {
  journey: Journey
  methods: readonly Method[]
  chosen?: Method | undefined
  complaint?: string
}

/** User Setup, first question: which method. */
export function setupPage(frame: Frame, { journey, methods, chosen, complaint }: SetupView): Html {
  const { t } = frame
  return journeyPage(
    frame,
    journey,
    { steps: phoneSteps, current: 0 },
    {
      heading: t('setup.heading'),
      title: t('setup.title'),
      lede: t('setup.lede'),
      failed: complaint !== undefined,
      body: [
        postForm(frame, {
          to: '/setup',
          body: [
            choice(t, {
              name: 'method',
              legend: t('setup.legend'),
              options: methods.map((method) => ({
                value: method,
                label: t(`method.${method}`),
                hint: t(`method.${method}.hint`),
              })),
              value: chosen ?? methods[0],
              complaint,
            }),
            actions([button({ label: t('button.continue') })]),
          ],
        }),
        ways([
          postForm(frame, {
            to: '/sign-out',
            shape: 'inline',
            body: button({ label: t('setup.later'), kind: 'plain' }),
          }),
        ]),
      ],
    },
  )
}
