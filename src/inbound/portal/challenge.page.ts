import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { field } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

/** The longest reply that a RADIUS packet holds (RFC 2865 section 5.2). */
export const LONGEST_REPLY = 128

/** What the directory asks back. Its words are a stranger's: text, in whatever language and direction, and nothing else. */
export function challengePage(frame: Frame, { message, complaint }: { message: string; complaint?: string }): Html {
  const { t, to, look } = frame
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return doorPage(frame, {
    heading: t('challenge.heading'),
    lede: lines.length > 0 ? t('challenge.lede', { company: look.company }) : t('challenge.lede.silent'),
    failed: complaint !== undefined,
    body: [
      lines.length > 0 && html`<div class="asked">${lines.map((line) => html`<p dir="auto">${line}</p>`)}</div>`,
      postForm(frame, {
        to: '/sign-in/challenge',
        body: [
          field(t, {
            name: 'reply',
            label: t('challenge.reply'),
            complaint,
            autocomplete: 'one-time-code',
            verbatim: true,
            maxLength: LONGEST_REPLY,
            autofocus: true,
          }),
          actions([button({ label: t('button.continue') })], { stacked: true }),
        ],
      }),
      ways([link({ label: t('challenge.cancel'), to: to('/sign-in') })]),
    ],
  })
}
