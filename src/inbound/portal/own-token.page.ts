import type { Translate } from '../../i18n/catalogue.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { disclosure } from '../web/design/blocks.ts'
import { choice, codeField, field, selectField } from '../web/design/fields.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { type Journey, journeyPage, tokenSteps } from './journey.ts'

export const kinds = ['totp', 'hotp'] as const
export const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const
export const digitCounts = ['6', '8'] as const
export const periods = ['30', '60'] as const

/** What is said of a token besides its secret, as it stands in the form. */
export type OwnToken = {
  kind: (typeof kinds)[number]
  algorithm: (typeof algorithms)[number]
  digits: (typeof digitCounts)[number]
  period: (typeof periods)[number]
  counter: string
}

export type EnterView = { journey: Journey; token: OwnToken; complaints?: { secret?: string; counter?: string } }

/** The secret of a token that the person has already. It is not sent back, whatever is wrong. */
export function enterPage(frame: Frame, { journey, token, complaints = {} }: EnterView): Html {
  const { t } = frame
  const step = { steps: tokenSteps, current: 1 }
  return journeyPage(frame, journey, step, {
    heading: t('own-token.heading'),
    lede: t('own-token.lede'),
    failed: Object.keys(complaints).length > 0,
    body: [
      postForm(frame, {
        to: `${journey.base}/token/enter`,
        body: [
          field(t, {
            name: 'secret',
            label: t('own-token.secret'),
            hint: t('own-token.secret.hint'),
            complaint: complaints.secret,
            autocomplete: 'off',
            maxLength: 512,
            verbatim: true,
          }),
          choice(t, {
            name: 'kind',
            legend: t('own-token.kind'),
            options: kinds.map((value) => ({
              value,
              label: t(`own-token.kind.${value}`),
              hint: t(`own-token.kind.${value}.hint`),
            })),
            value: token.kind,
          }),
          disclosure({
            summary: t('own-token.more'),
            body: particulars(t, token, complaints.counter),
            open: complaints.counter !== undefined,
          }),
          actions([button({ label: t('button.continue') })]),
        ],
      }),
      ways([
        journey.kind === 'setup'
          ? link({ label: t('setup.other-method'), to: frame.to('/setup') })
          : link({ label: t('button.cancel'), to: frame.to('/account') }),
      ]),
    ],
  })
}

/** What its leaflet says, where that is not what nearly all tokens have. */
function particulars(t: Translate, { digits, algorithm, period, counter }: OwnToken, complaint?: string): Html[] {
  return [
    selectField(t, {
      name: 'digits',
      label: t('own-token.digits'),
      options: digitCounts.map((value) => ({ value, label: value })),
      value: digits,
      width: 'short',
    }),
    selectField(t, {
      name: 'algorithm',
      label: t('own-token.algorithm'),
      options: algorithms.map((value) => ({ value, label: value.replace('SHA', 'SHA-') })),
      value: algorithm,
      width: 'medium',
    }),
    selectField(t, {
      name: 'period',
      label: t('own-token.period'),
      options: periods.map((value) => ({ value, label: t('own-token.seconds', { seconds: value }) })),
      value: period,
      width: 'medium',
    }),
    field(t, {
      name: 'counter',
      label: t('own-token.counter'),
      hint: t('own-token.counter.hint'),
      value: counter,
      complaint,
      optional: true,
      inputmode: 'numeric',
      autocomplete: 'off',
      maxLength: 16,
      width: 'medium',
    }),
  ]
}

export type ProveView = { journey: Journey; digits: number; codes: number; complaint?: string | undefined }

/** The first code of the token that was entered; two in a row where nobody knows its counter. */
export function provePage(frame: Frame, { journey, digits, codes, complaint }: ProveView): Html {
  const { t } = frame
  const two = codes === 2
  const first = { name: 'code', label: t(two ? 'resync.first' : 'own-token.prove.code'), complaint }
  const next = { name: 'next', label: t('resync.second'), autocomplete: 'off' }
  return journeyPage(
    frame,
    journey,
    { steps: tokenSteps, current: 1 },
    {
      heading: t('own-token.prove.heading'),
      lede: t(two ? 'own-token.prove.pair' : 'own-token.prove.single'),
      failed: complaint !== undefined,
      body: [
        postForm(frame, {
          to: `${journey.base}/token`,
          body: [
            codeField(t, { ...first, length: digits }),
            two && codeField(t, { ...next, length: digits }),
            actions([button({ label: t('button.continue') })]),
          ],
        }),
        ways([link({ label: t('own-token.again'), to: frame.to(`${journey.base}/token/enter`) })]),
      ],
    },
  )
}
