import type { Moment } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { notice, time } from '../web/design/blocks.ts'
import { field, passwordField } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

export const LONGEST_PASSWORD = 1024

export type PasswordView = {
  username: string
  why: 'expired' | 'reset'
  /** False: it has to be changed elsewhere. */
  changeable: boolean
  complaints?: { password?: string; chosen?: string; again?: string }
  waitUntil?: Moment
}

/** The password was right and has to be changed before anything else. Nothing that was typed for one comes back. */
export function passwordPage(
  frame: Frame,
  { username, why, changeable, complaints = {}, waitUntil }: PasswordView,
): Html {
  const { t, to } = frame
  const failed = waitUntil !== undefined || Object.values(complaints).some((each) => each !== undefined)
  const back = ways([link({ label: t('password.cancel'), to: to('/sign-in') })])
  if (!changeable) {
    return doorPage(frame, {
      heading: t('password.heading'),
      lede: t(`password.lede.${why}`),
      failed,
      above: [notice({ tone: 'warn', text: t('password.elsewhere'), focus: true })],
      body: [back],
    })
  }
  return doorPage(frame, {
    heading: t('password.heading'),
    lede: t(`password.lede.${why}`),
    failed,
    above: [
      waitUntil &&
        notice({
          tone: 'bad',
          lead: t('sign-in.wait.lead'),
          text: html`${t('sign-in.wait.until')} ${time(waitUntil)}.`,
        }),
    ],
    body: [form(frame, { username, why, complaints }), back],
  })
}

function form(
  frame: Frame,
  { username, why, complaints }: Required<Pick<PasswordView, 'username' | 'why' | 'complaints'>>,
): Html {
  const { t } = frame
  const box = (name: 'password' | 'chosen' | 'again', hint?: string) =>
    passwordField(t, {
      name,
      label: t(`password.${name}`),
      ...(hint && { hint }),
      complaint: complaints[name],
      autocomplete: name === 'password' ? 'current-password' : 'new-password',
      maxLength: LONGEST_PASSWORD,
      autofocus: name === (complaints.chosen ? 'chosen' : complaints.again ? 'again' : 'password'),
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
      }),
      box('password'),
      box('chosen', t('password.chosen.hint')),
      box('again'),
      actions([button({ label: t('password.change') })], { stacked: true }),
    ],
  })
}
