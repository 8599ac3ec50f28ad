import type { Moment } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { errorSummary } from '../web/design/blocks.ts'
import { field, passwordField } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { outageNotice, waitNotice } from './sign-in.page.ts'

export const LONGEST_PASSWORD = 1024

const boxes = ['password', 'chosen', 'again'] as const
export type PasswordComplaints = Partial<Record<(typeof boxes)[number], string>>

export type PasswordView = {
  username: string
  why: 'expired' | 'reset'
  /** False: it has to be changed elsewhere. */
  changeable: boolean
  complaints?: PasswordComplaints
  waitUntil?: Moment
  outage?: string
}

/** The password was right and has to be changed before anything else. Nothing that was typed for one comes back. */
export function passwordPage(frame: Frame, view: PasswordView): Html {
  const { t, to } = frame
  const { why, changeable, complaints = {}, waitUntil, outage } = view
  if (!changeable) return elsewherePage(frame, why)
  const all = boxes.flatMap((field) => {
    const text = complaints[field]
    return text === undefined ? [] : [{ field, text }]
  })
  const failed = all.length > 0 || waitUntil !== undefined || outage !== undefined
  return doorPage(frame, {
    heading: t('password.heading'),
    lede: t(`password.lede.${why}`),
    failed,
    above: [
      waitUntil && waitNotice(frame, waitUntil),
      outage !== undefined && outageNotice(frame, outage),
      all.length > 1 && errorSummary(t, all),
    ],
    body: [
      form(frame, { ...view, complaints }, failed),
      ways([link({ label: t('password.cancel'), to: to('/sign-in') })]),
    ],
  })
}

/** Nothing can be done on this page: it says where. */
function elsewherePage(frame: Frame, why: PasswordView['why']): Html {
  const { t, to } = frame
  return doorPage(frame, {
    heading: t('password.elsewhere.heading'),
    lede: t(`password.elsewhere.${why}`),
    body: [
      html`<p>${t('password.elsewhere')}</p>`,
      actions([link({ label: t('password.cancel'), to: to('/sign-in'), kind: 'primary' })], { stacked: true }),
    ],
  })
}

/** All three are empty after a mistake in one of them, so the first has the focus and says so. */
function form(
  frame: Frame,
  { username, why, complaints }: PasswordView & { complaints: PasswordComplaints },
  failed: boolean,
): Html {
  const { t } = frame
  const hints = {
    password: failed ? t('password.retype') : undefined,
    chosen: t('password.chosen.hint'),
    again: undefined,
  }
  const box = (name: (typeof boxes)[number]) =>
    passwordField(t, {
      name,
      label: t(`password.${name}`),
      hint: hints[name],
      complaint: complaints[name],
      autocomplete: name === 'password' ? 'current-password' : 'new-password',
      maxLength: LONGEST_PASSWORD,
      autofocus: name === 'password',
    })
  return postForm(frame, {
    to: '/sign-in/password',
    body: [
      html`<input type="hidden" name="why" value="${why}">`,
      field(t, {
        name: 'username',
        label: t('sign-in.username'),
        value: username,
        autocomplete: 'username',
        verbatim: true,
        maxLength: 256,
        // Whose password it is was said before. Empty only in a form that nobody was given.
        readOnly: username !== '',
      }),
      boxes.map(box),
      actions([button({ label: t('password.change') })], { stacked: true }),
    ],
  })
}
