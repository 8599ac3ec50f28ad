import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Reader } from '../../i18n/format.ts'
import { textAsset } from '../web/assets.ts'
import { kept } from '../web/design/blocks.ts'
import { doorPage } from '../web/design/layout.ts'
import type { Look } from '../web/design/look.ts'
import { sentence } from '../web/design/sentence.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { openCallView, pastCallView } from './call.page.ts'
import { mailboxView } from './mail.page.ts'
import type { SimulatedMail } from './mails.ts'
import { messageView, replyView } from './message.page.ts'
import type { ShownPhone } from './phones.ts'
import { tokenView } from './token.page.ts'
import type { SimulatedToken } from './tokens.ts'

const css = textAsset(new URL('./simulator.css', import.meta.url), 'text/css')

/** The organisation's look with this page's own style sheet. */
export function simulatorLook(look: Look): Look {
  return { ...look, styles: [...look.styles, css.name], assets: new Map([...look.assets, [css.name, css]]) }
}

/** `mails` is missing where the demo has no mailboxes. */
type View = {
  phones: readonly ShownPhone[]
  mails?: readonly SimulatedMail[] | undefined
  token?: SimulatedToken | undefined
  /** Texts can be replied to. */
  canReply: boolean
  now: Date
}

/** Every phone of the demo, side by side, and the mailboxes below. */
export function simulatorPage(frame: Frame, { phones, mails, token, canReply, now }: View): Html {
  const { t, language } = frame
  const reader = { language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, now }
  return doorPage(frame, {
    heading: t('simulator.heading'),
    lede: t('simulator.lede'),
    badge: t('simulator.badge'),
    wide: true,
    live: '/events',
    // Without script nobody could write a reply on a page that goes in the middle of it.
    refreshSeconds: canReply ? 20 : 5,
    body: html`<div class="phones">${phones.map((phone) => phoneView(frame, reader, phone, canReply))}${token && tokenView(frame, token)}${mails && mailboxView(frame, reader, mails)}</div>`,
  })
}

function phoneView(frame: Frame, reader: Reader, phone: ShownPhone, canReply: boolean): Html {
  const { owner, number, pin, messages, replies, calls } = phone
  const { t } = frame
  const open = calls.filter(({ state }) => state !== 'over').map((call) => openCallView(frame, reader, call))
  const past = [
    ...messages.map((message) => ({ at: message.at, view: messageView(frame, reader, message, canReply) })),
    ...replies.map((reply) => ({ at: reply.at, view: replyView(frame, reader, reply) })),
    ...calls
      .filter(({ state }) => state === 'over')
      .map((call) => ({ at: call.at, view: pastCallView(frame, reader, call) })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const views = [...open, ...past.map(({ view }) => view)]
  const content =
    views.length > 0
      ? html`<ol>${views.map((view) => html`<li>${view}</li>`)}</ol>`
      : html`<p class="lede">${owner === undefined ? '' : sentence(t, 'simulator.nothing', { owner: kept(owner) })}</p>`
  return html`<section class="phone"><header><h2>${owner ?? t('simulator.another')}</h2><span class="keep">${asRead(number)}</span></header>${pin && html`<p class="hint">${sentence(t, 'simulator.pin', { pin: kept(pin) })}</p>`}${content}</section>`
}

function asRead(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number
}
