import type { Key } from '../../i18n/catalogue.ts'
import { moment, type Reader } from '../../i18n/format.ts'
import { spoken } from '../../i18n/spoken.ts'
import { actions, button, postForm } from '../web/design/actions.ts'
import { time } from '../web/design/blocks.ts'
import { attributes, type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { keypad, type SimulatedCall } from './calls.ts'

/** A call that rings or talks: what is heard, the keys, and what else can be done. */
export function openCallView(frame: Frame, { now }: Reader, call: SimulatedCall): Html {
  const { t } = frame
  const { id, state, at, pressed } = call
  const hint =
    state === 'ringing' ? t('simulator.call.ringing', { time: clockFace(now, at) }) : t('simulator.call.talking')
  const dots =
    pressed > 0 &&
    html`<p class="pressed"><span class="vh">${t('simulator.call.pressed', { count: pressed })}</span><span aria-hidden="true">${'•'.repeat(pressed)}</span></p>`
  const what = t('simulator.call')
  return html`<article class="call" id="call-${id}"><p class="hint">${hint}${extension(frame, call)}</p>${captions(call)}${dots}${keys(frame, call)}${
    state === 'ringing'
      ? actions([
          postForm(frame, {
            to: `/calls/${id}/answer`,
            body: button({ label: t('simulator.call.answer'), object: what }),
          }),
          postForm(frame, {
            to: `/calls/${id}/decline`,
            body: button({ label: t('simulator.call.decline'), kind: 'danger', object: what }),
          }),
        ])
      : actions([
          postForm(frame, {
            to: `/calls/${id}/hang-up`,
            body: button({ label: t('simulator.call.hang-up'), kind: 'danger' }),
          }),
        ])
  }</article>`
}

const endings: Record<NonNullable<SimulatedCall['how']>, Key> = {
  'hung-up': 'simulator.call.over',
  'no-answer': 'simulator.call.missed',
  busy: 'simulator.call.busy',
  declined: 'simulator.call.declined',
  unreachable: 'simulator.call.failed',
}

/** A call that is over, among the messages. */
export function pastCallView(frame: Frame, reader: Reader, call: SimulatedCall): Html {
  const hint = html`${frame.t(endings[call.how ?? 'hung-up'])} · ${time(moment(new Date(call.at), reader))}`
  return html`<article class="message"><p class="hint">${hint}${extension(frame, call)}</p>${captions(call)}</article>`
}

/** What is said now, or was said last, in the language of the call. */
function captions({ said, language }: SimulatedCall): Html | false {
  const lines = said.at(-1)?.map((line) => spoken.sentence(language, line)) ?? []
  return (
    lines.length > 0 &&
    html`<p class="words" role="status"${attributes({ lang: spoken.voice(language) })}>${lines.join(' ')}</p>`
  )
}

function keys(frame: Frame, { id, waits }: SimulatedCall): Html {
  const buttons = keypad.map((key) => button({ label: key, kind: 'second', name: 'key', value: key, disabled: !waits }))
  const group = attributes({ class: 'keypad', role: 'group', 'aria-label': frame.t('simulator.call.keypad') })
  return postForm(frame, { to: `/calls/${id}/keys`, body: html`<div${group}>${buttons}</div>` })
}

function extension({ t }: Frame, call: SimulatedCall): string | false {
  return call.extension !== undefined && ` · ${t('simulator.call.extension', { extension: call.extension })}`
}

/** Minutes and seconds since then, "0:04". */
function clockFace(now: Date, at: string): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
