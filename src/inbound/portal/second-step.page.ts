import type { Output } from '../../contract/contract.ts'
import { duration } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { kept, notice, time } from '../web/design/blocks.ts'
import { codeField, passwordField } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { passkeyForm, passkeyScript } from './passkey.form.ts'
import { noScript } from './passkey.page.ts'
import { isByReply, unsentText } from './reply.page.ts'
import { badgeOf, type SecondStepView, stepPage } from './second-step.frame.ts'
import { appPage, callPage, replyPage } from './second-step.prompts.page.ts'
import { questionsPage, recoveryPage } from './second-step.reserves.page.ts'
import { queryOf } from './way-query.ts'
import { wayOut } from './ways.page.ts'

/** One question: the code. Or why it cannot be asked now, and what else there is. */
export function secondStepPage(frame: Frame, view: SecondStepView): Html {
  const { step } = view
  if (step.locked) return lockedPage(frame, view)
  if (step.method === 'passkey') return passkeyPage(frame, view)
  if (step.method === 'call') return callPage(frame, view)
  if (step.method === 'app') return appPage(frame, view)
  if (step.method === 'oath') return oathPage(frame, view)
  if (step.method === 'questions') return questionsPage(frame, view)
  if (step.method === 'recovery') return recoveryPage(frame, view)
  if (step.textMode && isByReply(step.textMode)) return replyPage(frame, view)
  return step.text ? textPage(frame, view, step.text) : unsentPage(frame, view)
}

type Text = NonNullable<Output<'readSecondStep'>['text']>

function textPage(frame: Frame, view: SecondStepView, text: Text): Html {
  const { t, language } = frame
  const { now, complaint, step } = view
  const left = Math.max(1, Math.round((Date.parse(text.expiresAt) - now.getTime()) / 60_000))
  const number = kept(text.maskedNumber)
  const wakes = Math.ceil((Date.parse(text.againAt) - now.getTime()) / 1000)
  if (text.sending === 'failed') return failedPage(frame, view, { ...text, wakes })
  return stepPage(frame, view, {
    heading: t('text.heading'),
    lede: html`${t(`text.${text.sending}.before`)} ${number}${t(`text.${text.sending}.after`, { time: duration(left * 60, language) })}`,
    refreshSeconds:
      text.sending === 'sending' ? 5 : Math.max(5, Math.ceil((Date.parse(text.expiresAt) - now.getTime()) / 1000) + 1),
    above: view.notice === 'too-soon' && notice({ tone: 'warn', text: t('text.too-soon') }),
    body: codeForm(frame, view, {
      method: 'text',
      label: t('text.label', { count: text.digits }),
      length: text.digits,
      complaint,
    }),
    others: [sendAgain(frame, view, { label: t('text.again'), kind: 'plain', wakes })],
    othersHeading: t('text.nothing-arrived'),
    step,
  })
}

/** No code will come: what is asked for is another text, not a code. */
function failedPage(
  frame: Frame,
  view: SecondStepView,
  { maskedNumber, wakes }: { maskedNumber: string; wakes: number },
): Html {
  const { t } = frame
  return stepPage(frame, view, {
    ...unsentText(frame, maskedNumber),
    refreshSeconds: 900,
    above: view.notice === 'too-soon' && notice({ tone: 'warn', text: t('text.too-soon') }),
    body: sendAgain(frame, view, { label: t('text.again'), kind: 'primary', wakes }),
    others: [],
    step: view.step,
  })
}

function unsentPage(frame: Frame, view: SecondStepView): Html {
  const { t } = frame
  const stepUp = view.step.purpose === 'step-up'
  return stepPage(frame, view, {
    heading: t(stepUp ? 'step-up.heading' : 'text.expired.heading'),
    lede: t(stepUp ? 'step-up.send.lede' : 'text.expired.lede'),
    above: [
      view.notice === 'too-soon' && notice({ tone: 'warn', text: t('text.too-soon') }),
      // Elsewhere the heading says it already.
      stepUp && view.complaint && notice({ tone: 'bad', text: view.complaint }),
    ],
    body: sendAgain(frame, view, { label: t(stepUp ? 'step-up.send' : 'text.again'), kind: 'primary' }),
    others: [],
    step: view.step,
  })
}

function oathPage(frame: Frame, view: SecondStepView): Html {
  const { t, look } = frame
  return stepPage(frame, view, {
    heading: t('oath.heading'),
    lede: t('oath.lede', { company: look.company }),
    above:
      view.notice === 'in-step' && notice({ lead: t('resync.done.lead'), text: t('resync.done.text'), focus: true }),
    body: codeForm(frame, view, { method: 'oath', label: t('oath.label'), length: 6, complaint: view.complaint }),
    others: [link({ label: t('resync.link'), to: frame.to(`/second-step/resync${queryOf({ to: view.to })}`) })],
    step: view.step,
  })
}

function passkeyPage(frame: Frame, view: SecondStepView): Html {
  const { t } = frame
  const stepUp = view.step.purpose === 'step-up'
  return stepPage(frame, view, {
    heading: t(stepUp ? 'step-up.heading' : 'passkey.ask.heading'),
    lede: t('passkey.ask.lede'),
    scripts: [passkeyScript.name],
    refreshSeconds: 900,
    above: view.complaint && notice({ tone: 'bad', text: view.complaint }),
    body: [
      noScript(frame),
      passkeyForm(frame, {
        kind: 'get',
        ask: '/second-step/passkey/ask',
        to: `/second-step/passkey${queryOf({ to: view.to })}`,
        body: actions([button({ label: t('passkey.ask.button') })], { stacked: true }),
      }),
    ],
    others: [],
    step: view.step,
  })
}

function lockedPage(frame: Frame, { step, now, lockedUntil }: SecondStepView): Html {
  const { t } = frame
  const until = step.locked?.until
  return doorPage(frame, {
    heading: t('locked.heading'),
    lede: lockedUntil ? html`${t('locked.until')} ${time(lockedUntil)}.` : t('locked.closed'),
    live: frame.to(`/second-step/events?stamp=${encodeURIComponent(step.stamp)}`),
    refreshSeconds: until ? Math.max(5, Math.ceil((Date.parse(until) - now.getTime()) / 1000) + 1) : 900,
    body: [html`<p>${t('locked.why')}</p>`, ways([wayOut(frame, step)])],
    ...badgeOf(step),
  })
}

type CodeForm = { method: 'text' | 'oath'; label: string; length: number; complaint: string | undefined }

/** Way and way back stand in the address, so that the page with a complaint is found again, in another language too. */
function codeForm(
  frame: Frame,
  { to, typed, step, pinComplaint }: SecondStepView,
  { method, label, length, complaint }: CodeForm,
): Html {
  const { t } = frame
  return postForm(frame, {
    to: `/second-step${queryOf({ way: method, to })}`,
    body: [
      codeField(t, { name: 'code', label, length, complaint, value: typed, autofocus: true }),
      step.pin &&
        passwordField(t, {
          name: 'pin',
          label: t('pin'),
          complaint: pinComplaint,
          autocomplete: 'off',
          numeric: true,
          maxLength: 64,
        }),
      actions([button({ label: t('button.continue') })], { stacked: true }),
    ],
  })
}

function sendAgain(
  frame: Frame,
  { to }: SecondStepView,
  { label, kind, wakes = 0 }: { label: string; kind: 'plain' | 'primary'; wakes?: number },
): Html {
  const pressed = button({ label, kind, ...(wakes > 0 && { wakesAfterSeconds: wakes }) })
  return postForm(frame, {
    to: `/second-step/send${queryOf({ to })}`,
    shape: kind === 'plain' ? 'inline' : 'block',
    body: kind === 'plain' ? pressed : actions([pressed], { stacked: true }),
  })
}
