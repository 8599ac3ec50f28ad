import { moment, type Reader } from '../../i18n/format.ts'
import { button, postForm } from '../web/design/actions.ts'
import { kept, time } from '../web/design/blocks.ts'
import { attributes, type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import type { SimulatedMessage } from './phones.ts'
import type { SimulatedReply } from './replies.ts'

/** A text that a phone got; with a box to reply in, where the demo takes replies. */
export function messageView(frame: Frame, reader: Reader, message: SimulatedMessage, canReply: boolean): Html {
  const { text, code, at } = message
  return html`<article class="message"><p class="hint">${frame.t('simulator.text')} · ${time(moment(new Date(at), reader))}</p><p class="words">${withCode(text, code)}</p>${canReply && replyBox(frame, message)}</article>`
}

/** A text that a phone sent. */
export function replyView(frame: Frame, reader: Reader, { text, at }: SimulatedReply): Html {
  return html`<article class="message sent"><p class="hint">${frame.t('simulator.reply.sent')} · ${time(moment(new Date(at), reader))}</p><p class="words">${text}</p></article>`
}

function replyBox(frame: Frame, { id }: SimulatedMessage): Html {
  // Kept by its id when the page renews itself.
  const input = attributes({
    id: `reply-${id}`,
    name: 'text',
    'aria-label': frame.t('simulator.reply.label'),
    placeholder: frame.t('simulator.reply.hint'),
    autocomplete: 'off',
    maxlength: 2_000,
  })
  const send = button({ label: frame.t('simulator.reply.send'), kind: 'second' })
  return postForm(frame, {
    to: `/messages/${id}/reply`,
    body: html`<div class="reply"><input${input}>${send}</div>`,
  })
}

/** The code in bold, grouped as the text has it. */
function withCode(text: string, code: string | undefined): Html {
  if (code === undefined) return html`${text}`
  // Splitting by a group leaves what it matched at the odd places.
  const parts = text.split(new RegExp(`(${[...code].join('[ \u00a0-]?')})`))
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : kept(part)))}`
}
