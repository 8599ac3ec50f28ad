import type { Moment } from '../../i18n/format.ts'
import { actions, button, postForm, ways } from '../web/design/actions.ts'
import { notice, time } from '../web/design/blocks.ts'
import { field, passwordField } from '../web/design/fields.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { passkeyForm, passkeyScript } from './passkey.form.ts'

export type SignInView = {
  allowed: boolean
  username?: string
  /** Beside the user name, beside the password. */
  complaints?: { username?: string; password?: string }
  waitUntil?: Moment
  /** Where people come from who were signed out, or turned away. */
  notice?: SignInNotice
  /** Whom a proxy has proven: they may go on without a password. */
  proven?: string | undefined
  /** A passkey alone may sign in. */
  passkey?: boolean
}

export const signInNotices = [
  'signed-out',
  'enrolment-off',
  'hours',
  'integrated-refused',
  'ended',
  'challenge-wrong',
  'challenge-over',
  'passkey-refused',
  'passkey-wait',
  'passkey-locked',
  'passkey-script',
] as const
export type SignInNotice = (typeof signInNotices)[number]

export function signInPage(
  frame: Frame,
  { allowed, username, complaints = {}, waitUntil, notice: which, proven, passkey = false }: SignInView,
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
    ...(passkey && { scripts: [passkeyScript.name] }),
    body: [
      proven !== undefined && allowed && asProven(frame, proven),
      postForm(frame, {
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
            autofocus: !username && which === undefined && proven === undefined,
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
      passkey && allowed && ways([passkeyInstead(frame)]),
    ],
  })
}

function asProven(frame: Frame, name: string): Html {
  const { t } = frame
  return postForm(frame, {
    to: '/sign-in/integrated',
    body: [
      actions([button({ label: t('sign-in.integrated', { name }) })], { stacked: true }),
      html`<p class="or">${t('sign-in.integrated.or')}</p>`,
    ],
  })
}

function passkeyInstead(frame: Frame): Html {
  return passkeyForm(frame, {
    kind: 'get',
    ask: '/sign-in/passkey/begin',
    to: '/sign-in/passkey',
    shape: 'inline',
    body: button({ label: frame.t('sign-in.passkey'), kind: 'plain' }),
  })
}
