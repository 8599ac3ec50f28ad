import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { notice, shownCode, svgPicture } from '../web/design/blocks.ts'
import { codeField } from '../web/design/fields.ts'
import { sitePage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { type Journey, journeyPage, tokenSteps } from './journey.ts'

export type TokenView = {
  journey: Journey
  secret: string
  uri: string
  qr: string
  digits: number
  complaint?: string | undefined
  typed?: string | undefined
}

/** The secret as a picture and as text, and the first code back. */
export function tokenPage(frame: Frame, { journey, secret, uri, qr, digits, complaint, typed }: TokenView): Html {
  const { t } = frame
  return journeyPage(
    frame,
    journey,
    { steps: tokenSteps, current: 1 },
    {
      heading: t('token.heading'),
      lede: t('token.lede'),
      failed: complaint !== undefined,
      body: [
        html`<div class="scan">${svgPicture(qr, t('token.picture'))}<div><p>${t('token.by-hand')}</p>${shownCode(secret)}<p>${link({ label: t('token.open'), to: uri })}</p></div></div>`,
        postForm(frame, {
          to: `${journey.base}/token`,
          body: [
            codeField(t, {
              name: 'code',
              label: t('token.code', { count: digits }),
              length: digits,
              complaint,
              value: typed,
            }),
            actions([button({ label: t('button.continue') })]),
          ],
        }),
        ways([own(frame, journey), back(frame, journey)]),
      ],
    },
  )
}

/** The offer ran out, or another window made a newer one. */
export function tokenGonePage(frame: Frame, { journey, tried }: { journey: Journey; tried: boolean }): Html {
  const { t } = frame
  return journeyPage(
    frame,
    journey,
    { steps: tokenSteps, current: 1 },
    {
      heading: t('token.gone.heading'),
      lede: t('token.gone.lede'),
      failed: tried,
      above: tried && notice({ tone: 'bad', text: t('token.gone.tried') }),
      body: [
        postForm(frame, { to: `${journey.base}/token/new`, body: actions([button({ label: t('token.gone.again') })]) }),
        ways([own(frame, journey), back(frame, journey)]),
      ],
    },
  )
}

function own(frame: Frame, { base }: Journey): Html {
  return link({ label: frame.t('token.own'), to: frame.to(`${base}/token/enter`) })
}

function back(frame: Frame, { kind }: Journey): Html {
  const { t } = frame
  return kind === 'setup'
    ? link({ label: t('setup.other-method'), to: frame.to('/setup') })
    : link({ label: t('button.cancel'), to: frame.to('/account') })
}

/** Asked once more, since a mistake here costs a way in. */
export function removeTokenPage(frame: Frame, { who, last }: { who: string; last: boolean }): Html {
  const { t } = frame
  return sitePage(frame, {
    heading: t(last ? 'account.last-way' : 'token.remove.heading'),
    who,
    shape: 'card',
    lede: t(last ? 'token.remove.last' : 'token.remove.lede'),
    body: last
      ? actions([
          link({ label: t('token.remove.add-phone'), to: frame.to('/account/phone'), kind: 'primary' }),
          link({ label: t('button.cancel'), to: frame.to('/account'), kind: 'second' }),
        ])
      : postForm(frame, {
          to: '/account/token/remove',
          body: actions([
            button({ label: t('token.remove.button'), kind: 'danger' }),
            link({ label: t('button.cancel'), to: frame.to('/account'), kind: 'second' }),
          ]),
        }),
  })
}
