import type { Moment } from '../../i18n/format.ts'
import { actions, button, postForm } from '../web/design/actions.ts'
import { notice, time } from '../web/design/blocks.ts'
import { field, passwordField } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

export type SignInView = {
  allowed: boolean
  username?: string
  /** Beside the user name, beside the password. */
  complaints?: { username?: string; password?: string }
  waitUntil?: Moment
  /** Where people come from who were signed out, or turned away. */
  notice?: 'signed-out' | 'enrolment-off' | 'ended'
}

export function signInPage(
  frame: Frame,
  { allowed, username, complaints = {}, waitUntil, notice: which }: SignInView,
): Html {
  const { t, look } = frame
  const failed = complaints.username !== undefined || complaints.password !== undefined || waitUntil !== undefined
  return doorPage(frame, {
    heading: t('sign-in.heading'),
    lede: t('sign-in.lede', { company: look.company }),
    failed,
    above: [
      which &&
        notice({ tone: which === 'signed-out' ? 'good' : 'warn', text: t(`sign-in.notice.${which}`), focus: true }),
      waitUntil &&
        notice({
          tone: 'bad',
          lead: t('sign-in.wait.lead'),
          text: html`${t('sign-in.wait.until')} ${time(waitUntil)}.`,
        }),
      !allowed && notice({ tone: 'warn', text: t('sign-in.off') }),
    ],
    body: postForm(frame, {
      to: '/sign-in',
      body: [
        field(t, {
          name: 'username',
          label: t('sign-in.username'),
          value: username,
          complaint: complaints.username,
          autocomplete: 'username',
          verbatim: true,
          maxLength: 256,
          autofocus: !username && which === undefined,
          disabled: !allowed,
        }),
        passwordField(t, {
          name: 'password',
          label: t('sign-in.password'),
          complaint: complaints.password,
          autocomplete: 'current-password',
          maxLength: 1024,
          autofocus: username !== undefined && username !== '',
          disabled: !allowed,
        }),
        actions([button({ label: t('button.continue'), disabled: !allowed })], { stacked: true }),
      ],
    }),
  })
}
