import type { Output } from '../../contract/contract.ts'
import { duration } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { kept, notice } from '../web/design/blocks.ts'
import { codeField } from '../web/design/fields.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { wakesIn } from './call.page.ts'
import { type Journey, journeyPage, phoneSteps } from './journey.ts'
import { numberFields } from './number-fields.ts'
import { outcomeOfReply, unsentText, waitingForReply } from './reply.page.ts'

export type PhoneView = { journey: Journey; country: string; number: string; complaint?: string }

/** Which phone. What was typed stays, whatever is wrong with it. */
export function phonePage(frame: Frame, { journey, country, number, complaint }: PhoneView): Html {
  const { t } = frame
  return journeyPage(
    frame,
    journey,
    { steps: phoneSteps, current: 1 },
    {
      heading: t('phone.heading'),
      lede: t('phone.lede'),
      failed: complaint !== undefined,
      body: [
        postForm(frame, {
          to: `${journey.base}/phone`,
          body: [numberFields(frame, { country, number, complaint }), actions([button({ label: t('phone.text-me') })])],
        }),
        back(frame, journey),
      ],
    },
  )
}

export type PhoneCodeView = {
  journey: Journey
  proof: Output<'readPhoneProof'>
  now: Date
  complaint?: string
  typed?: string
  notice?: 'too-soon' | undefined
}

/** The code that proves the number. */
export function phoneCodePage(frame: Frame, view: PhoneCodeView): Html {
  const { t, language } = frame
  const { journey, proof, now, complaint } = view
  const { text } = proof
  const tooSoon = view.notice === 'too-soon' && notice({ tone: 'warn', text: t('text.too-soon') })
  const live = frame.to(`${journey.base}/phone/events?stamp=${encodeURIComponent(proof.stamp)}`)
  const step = { steps: phoneSteps, current: 2 }
  if (proof.byReply) return phoneReplyPage(frame, view)
  if (!text || text.sending === 'failed') {
    const expired = { heading: t('text.expired.heading'), lede: t('text.expired.lede') }
    return journeyPage(frame, journey, step, {
      ...(text ? unsentText(frame, text.maskedNumber) : expired),
      failed: complaint !== undefined,
      above: tooSoon,
      body: [again(frame, journey, 'primary', text && { wakes: wakesIn(text, now) }), otherNumber(frame, journey)],
    })
  }
  const secondsLeft = Math.max(1, Math.ceil((Date.parse(text.expiresAt) - now.getTime()) / 1000))
  const time = duration(Math.max(1, Math.round(secondsLeft / 60)) * 60, language)
  return journeyPage(frame, journey, step, {
    heading: t('text.heading'),
    lede: html`${t(`text.${text.sending}.before`)} ${kept(text.maskedNumber)}${t(`text.${text.sending}.after`, { time })}`,
    failed: complaint !== undefined,
    live,
    refreshSeconds: text.sending === 'sending' ? 5 : secondsLeft + 1,
    above: tooSoon,
    body: [
      postForm(frame, {
        to: `${journey.base}/phone/code`,
        body: [
          codeField(t, {
            name: 'code',
            label: t('text.label', { count: text.digits }),
            length: text.digits,
            complaint,
            value: view.typed,
            autofocus: true,
          }),
          actions([button({ label: t('button.continue') })]),
        ],
      }),
      ways(
        [
          again(frame, journey, 'plain', { wakes: wakesIn(text, now) }),
          link({ label: t('phone.other-number'), to: frame.to(`${journey.base}/phone`) }),
        ],
        { heading: t('text.nothing-arrived') },
      ),
    ],
  })
}

/** The reply that proves the number. */
function phoneReplyPage(frame: Frame, { journey, proof, now, notice: told }: PhoneCodeView): Html {
  const { t } = frame
  const { reply } = proof
  const tooSoon = told === 'too-soon' && notice({ tone: 'warn', text: t('reply.too-soon') })
  const live = frame.to(`${journey.base}/phone/events?stamp=${encodeURIComponent(proof.stamp)}`)
  const step = { steps: phoneSteps, current: 2 }
  const sendAgain = (kind: 'plain' | 'primary', wakes = 0) =>
    again(frame, journey, kind, { label: t('reply.again'), wakes })
  const unsent = reply?.sending === 'failed' && reply.state !== 'over'
  if (!reply || reply.state === 'over' || unsent) {
    const over = { heading: t('reply.over.heading'), lede: t('reply.over.lede.proof') }
    return journeyPage(frame, journey, step, {
      ...(unsent ? unsentText(frame, reply.maskedNumber) : over),
      live,
      refreshSeconds: 900,
      above: [tooSoon, reply && outcomeOfReply(frame, reply)],
      body: [sendAgain('primary', reply && wakesIn(reply, now)), otherNumber(frame, journey)],
    })
  }
  const { above, body, ...shown } = waitingForReply(frame, reply, now)
  const other = link({ label: t('phone.other-number'), to: frame.to(`${journey.base}/phone`) })
  return journeyPage(frame, journey, step, {
    ...shown,
    live,
    above: [tooSoon, ...above],
    body: [body, ways([sendAgain('plain', wakesIn(reply, now)), other], { heading: t('reply.nothing') })],
  })
}

type Again = { label?: string; wakes?: number }

function again(frame: Frame, { base }: Journey, kind: 'plain' | 'primary', more: Again = {}): Html {
  const { label = frame.t('text.again'), wakes = 0 } = more
  const pressed = button({ label, kind, ...(wakes > 0 && { wakesAfterSeconds: wakes }) })
  return postForm(frame, {
    to: `${base}/phone/again`,
    shape: kind === 'plain' ? 'inline' : 'block',
    body: kind === 'plain' ? pressed : actions([pressed]),
  })
}

function otherNumber(frame: Frame, { base }: Journey): Html {
  return ways([link({ label: frame.t('phone.other-number'), to: frame.to(`${base}/phone`) })])
}

function back(frame: Frame, { kind, base }: Journey): Html {
  const { t } = frame
  return ways([
    kind === 'setup'
      ? link({ label: t('setup.other-method'), to: frame.to('/setup') })
      : link({ label: t('button.cancel'), to: frame.to(base) }),
  ])
}
