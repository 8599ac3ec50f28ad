import { moment, type Reader } from '../../i18n/format.ts'
import { kept, time } from '../web/design/blocks.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import type { SimulatedMail } from './mails.ts'

const MOST_SHOWN = 10

/** The newest mails of all mailboxes, each a link to its page. */
export function mailboxView({ t, to }: Frame, reader: Reader, mails: readonly SimulatedMail[]): Html {
  const shown = mails.slice(0, MOST_SHOWN)
  const row = ({ id, to: address, subject, at }: SimulatedMail) =>
    html`<li><article class="message"><p class="hint">${kept(address)} · ${time(moment(new Date(at), reader))}</p><p class="words"><a href="${to(`/mails/${id}`)}">${subject}</a></p></article></li>`
  const content =
    shown.length > 0 ? html`<ol>${shown.map(row)}</ol>` : html`<p class="lede">${t('simulator.mails.none')}</p>`
  return html`<section class="phone mailbox"><header><h2>${t('simulator.mails.heading')}</h2></header>${content}</section>`
}

/** One mail. Its markup is shown as text here, and drawn only behind the link, where it can do nothing. */
export function mailPage(frame: Frame, { mail, now }: { mail: SimulatedMail; now: Date }): Html {
  const { t, to, language } = frame
  const { id, to: address, subject, text, html: markup, at } = mail
  const reader = { language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, now }
  return doorPage(frame, {
    heading: subject,
    badge: t('simulator.badge'),
    wide: true,
    body: html`
      <p class="hint">${kept(address)} · ${time(moment(new Date(at), reader))}</p>
      <pre class="mail">${text}</pre>
      <p><a href="${to(`/mails/${id}/html`)}">${t('simulator.mails.drawn')}</a></p>
      <details><summary>${t('simulator.mails.source')}</summary><pre class="mail">${markup}</pre></details>
      <p><a href="${to('/')}">${t('simulator.mails.back')}</a></p>`,
  })
}
