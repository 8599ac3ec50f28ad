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
  /** Passwords cannot be checked now; the number is for whoever asks for help. */
  outage?: string
  /** What cannot be, if not a password. */
  outageOf?: 'passkey'
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

export function signInPage(frame: Frame, view: SignInView): Html {
  const { t, look } = frame
  const { allowed, complaints = {}, waitUntil, outage, outageOf, notice: which, passkey = false } = view
  // Whom it did not let in a moment ago it would not let in now.
  const proven = allowed && which !== 'integrated-refused' ? view.proven : undefined
  return doorPage(frame, {
    heading: t('sign-in.heading'),
    lede: proven === undefined ? t('sign-in.lede', { company: look.company }) : t('sign-in.integrated.lede'),
    failed: [complaints.username, complaints.password, waitUntil, outage].some((each) => each !== undefined),
    above: [
      which &&
        notice({ tone: which === 'signed-out' ? 'good' : 'warn', text: t(`sign-in.notice.${which}`), focus: true }),
      waitUntil && waitNotice(frame, waitUntil),
      outage !== undefined && outageNotice(frame, outage, outageOf),
      !allowed && notice({ tone: 'warn', text: t('sign-in.off') }),
    ],
    ...(passkey && { scripts: [passkeyScript.name] }),
    body: [
      proven !== undefined && asProven(frame, proven),
      passwordForm(frame, { ...view, proven }),
      passkey && allowed && ways([passkeyInstead(frame)]),
    ],
  })
}

/** Says when the next try is taken, wherever a password is. */
export function waitNotice({ t }: Frame, until: Moment): Html {
  return notice({
    tone: 'bad',
    lead: t('sign-in.wait.lead'),
    text: html`${t('sign-in.wait.until')} ${time(until)}.`,
  })
}

export function outageNotice({ t }: Frame, id: string, of?: 'passkey'): Html {
  const [lead, text] =
    of === 'passkey'
      ? (['sign-in.outage.passkey-lead', 'sign-in.outage.passkey-text'] as const)
      : (['sign-in.outage.lead', 'sign-in.outage.text'] as const)
  return notice({ tone: 'bad', lead: t(lead), text: [t(text), ' ', t('problem.reference', { id })] })
}

function passwordForm(
  frame: Frame,
  { allowed, username = '', complaints = {}, notice: which, proven }: SignInView,
): Html {
  const { t } = frame
  return postForm(frame, {
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
        autofocus: username === '' && which === undefined && proven === undefined,
        disabled: !allowed,
      }),
      passwordField(t, {
        name: 'password',
        label: t('sign-in.password'),
        complaint: complaints.password,
        autocomplete: 'current-password',
        maxLength: 1024,
        autofocus: username !== '',
        disabled: !allowed,
      }),
      actions(
        [
          button({
            label: t('button.continue'),
            kind: proven === undefined ? 'primary' : 'second',
            disabled: !allowed,
          }),
        ],
        { stacked: true },
      ),
    ],
  })
}

/** The first thing on the page, and the one main button: the rest is for someone else at the same computer. */
function asProven(frame: Frame, name: string): Html {
  const { t } = frame
  return html`${postForm(frame, {
    to: '/sign-in/integrated',
    body: actions([button({ label: t('sign-in.integrated', { name }) })], { stacked: true }),
  })}<h2 class="or">${t('sign-in.integrated.or')}</h2>`
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
