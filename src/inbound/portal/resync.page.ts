import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { codeField } from '../web/design/fields.ts'
import { doorPage, sitePage } from '../web/design/layout.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

export type ResyncView = {
  who: string
  /** Where the form goes, and where somebody who gives up goes back to: paths below the site. */
  post: string
  back: string
  /** Before somebody is in. */
  door: boolean
  complaint?: string | undefined
}

/** The most that a code has. */
const DIGITS = 8

/** Two codes of a token that ran away, one right after the other. */
export function resyncPage(frame: Frame, { who, post, back, door, complaint }: ResyncView): Html {
  const { t } = frame
  const form = postForm(frame, {
    to: post,
    body: [
      codeField(t, { name: 'first', label: t('resync.first'), length: DIGITS, complaint, autocomplete: 'off' }),
      codeField(t, { name: 'second', label: t('resync.second'), length: DIGITS, autocomplete: 'off' }),
      actions([button({ label: t('resync.button') })], { stacked: door }),
    ],
  })
  const way = link({ label: t(door ? 'resync.back' : 'button.cancel'), to: frame.to(back) })
  const view = {
    heading: t('resync.heading'),
    lede: t('resync.lede'),
    failed: complaint !== undefined,
    body: [form, ways([way])],
  }
  return door ? doorPage(frame, { ...view, badge: who }) : sitePage(frame, { ...view, who, shape: 'card' })
}
