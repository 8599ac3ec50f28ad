import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { field, passwordField } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

/** The longest reply that a RADIUS packet holds (RFC 2865 section 5.2). */
export const LONGEST_REPLY = 128

type View = { message: string; echo: boolean; complaint?: string }

/** What the directory asks back. Its words are a stranger's: text, in whatever language and direction, and nothing else. */
export function challengePage(frame: Frame, { message, echo, complaint }: View): Html {
  const { t, to, look } = frame
  const reply = {
    ...{ name: 'reply', label: t('challenge.reply'), complaint, maxLength: LONGEST_REPLY, autofocus: true },
    // Masked or not: a phone may fill in the code of a text, and no browser offers to keep it as a password.
    autocomplete: 'one-time-code',
  } as const
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
          echo ? field(t, { ...reply, verbatim: true }) : passwordField(t, reply),
          actions([button({ label: t('button.continue') })], { stacked: true }),
        ],
      }),
      ways([link({ label: t('challenge.cancel'), to: to('/sign-in') })]),
    ],
  })
}
