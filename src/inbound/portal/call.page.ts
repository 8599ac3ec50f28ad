import type { Output } from '../../contract/contract.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { kept, notice, wait } from '../web/design/blocks.ts'
import { field } from '../web/design/fields.ts'
import { sitePage } from '../web/design/layout.ts'
import { type Html, html, type Piece } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { type Journey, journeyPage, phoneSteps } from './journey.ts'
import { numberFields } from './number-fields.ts'

export type Call = NonNullable<Output<'readSecondStep'>['call']>
/** A page that waits for an answer given elsewhere. */
export type Waiting = {
  heading: string
  lede: Piece
  refreshSeconds: number
  above: Piece[]
  body: Piece
  centred?: boolean
}

/** How a call under way stands, for whoever waits for it: what to do, the number where one is asked, what is known. */
export function waitingForCall({ t }: Frame, call: Call): Waiting {
  const mode = call.pin ? 'pin' : call.number === undefined ? 'standard' : 'number'
  const status = call.state === 'approved' || call.state === 'over' ? 'answered' : call.state
  const number = call.number === undefined ? {} : { number: call.number, numberLabel: t('call.number') }
  return {
    heading: t('call.heading'),
    lede: html`${t(`call.lede.${mode}.before`)} ${kept(call.maskedNumber)}${t(`call.lede.${mode}.after`)}`,
    refreshSeconds: 5,
    above: [call.backup && notice({ tone: 'warn', text: t('call.backup') })],
    body: wait({ text: t(`call.state.${status}`), ...number }),
  }
}

/** What came of a call that is over. */
export function outcomeOf({ t }: Frame, { outcome }: Call): Html | false {
  return outcome !== undefined && notice({ tone: 'bad', text: t(`call.outcome.${outcome}`) })
}

export function wakesIn({ againAt }: { againAt: string }, now: Date): number {
  return Math.ceil((Date.parse(againAt) - now.getTime()) / 1000)
}

export type Slot = Output<'readCallProof'>['slot']
export type CallPhoneView = {
  journey: Journey
  slot: Slot
  country: string
  number: string
  extension: string
  /** There is one to remove. */
  removable?: boolean
  complaints?: { number?: string | undefined; extension?: string | undefined }
}

/** Which phone, and what is behind it. What was typed stays, whatever is wrong with it. */
export function callPhonePage(frame: Frame, view: CallPhoneView): Html {
  const { t } = frame
  const { journey, slot, country, number, extension, complaints = {}, removable = false } = view
  const words = slot === 'backup' ? 'call.prove.backup' : 'call.prove'
  return journeyPage(
    frame,
    journey,
    { steps: phoneSteps, current: 1 },
    {
      heading: t(`${words}.heading`),
      lede: t(`${words}.lede`),
      failed: Object.values(complaints).some((complaint) => complaint !== undefined),
      body: [
        postForm(frame, {
          to: `${journey.base}/call${slot === 'backup' ? '?slot=backup' : ''}`,
          body: [
            numberFields(frame, { country, number, complaint: complaints.number }),
            field(t, {
              name: 'extension',
              label: t('call.extension'),
              optional: true,
              hint: t('call.extension.hint'),
              value: extension,
              autocomplete: 'tel-extension',
              inputmode: 'numeric',
              maxLength: 16,
              width: 'short',
              complaint: complaints.extension,
            }),
            actions([button({ label: t('call.me') })]),
          ],
        }),
        ways([
          ...(removable ? [link({ label: t('call.remove.button'), to: frame.to('/account/backup/remove') })] : []),
          journey.kind === 'setup'
            ? link({ label: t('setup.other-method'), to: frame.to('/setup') })
            : link({ label: t('button.cancel'), to: frame.to(journey.base) }),
        ]),
      ],
    },
  )
}

export type CallProofView = {
  journey: Journey
  proof: Output<'readCallProof'>
  now: Date
  notice?: 'too-soon' | undefined
}

/** The call that proves the number. */
export function callProofPage(frame: Frame, { journey, proof, now, notice: told }: CallProofView): Html {
  const { t } = frame
  const { call, slot } = proof
  const step = { steps: phoneSteps, current: 2 }
  const tooSoon = told === 'too-soon' && notice({ tone: 'warn', text: t('call.too-soon') })
  const other = link({
    label: t('phone.other-number'),
    to: frame.to(`${journey.base}/call${slot === 'backup' ? '?slot=backup' : ''}`),
  })
  const live = frame.to(`${journey.base}/call/events?stamp=${encodeURIComponent(proof.stamp)}`)
  if (!call || call.state === 'over') {
    return journeyPage(frame, journey, step, {
      heading: t('call.over.heading'),
      lede: t('call.over.lede'),
      live,
      refreshSeconds: 900,
      above: [tooSoon, call && outcomeOf(frame, call)],
      body: [
        postForm(frame, { to: `${journey.base}/call/again`, body: actions([button({ label: t('call.again') })]) }),
        ways([other]),
      ],
    })
  }
  const { above, body, ...shown } = waitingForCall(frame, call)
  const wakes = wakesIn(call, now)
  const again = button({ label: t('call.again'), kind: 'plain', ...(wakes > 0 && { wakesAfterSeconds: wakes }) })
  return journeyPage(frame, journey, step, {
    ...shown,
    live,
    above: [tooSoon, ...above],
    body: [
      body,
      ways([postForm(frame, { to: `${journey.base}/call/again`, shape: 'inline', body: again }), other], {
        heading: t('call.nothing'),
      }),
    ],
  })
}

export function removeBackupPage(frame: Frame, { who }: { who: string }): Html {
  const { t } = frame
  return sitePage(frame, {
    heading: t('call.remove.heading'),
    lede: t('call.remove.lede'),
    who,
    shape: 'card',
    body: postForm(frame, {
      to: '/account/backup/remove',
      body: actions([
        button({ label: t('call.remove.button'), kind: 'danger' }),
        link({ label: t('button.cancel'), to: frame.to('/account'), kind: 'second' }),
      ]),
    }),
  })
}
