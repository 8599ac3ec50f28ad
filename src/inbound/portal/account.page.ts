import type { Output } from '../../contract/contract.ts'
import type { Key } from '../../i18n/catalogue.ts'
import { moment, type Reader } from '../../i18n/format.ts'
import { type LanguageCode, languageOf, parseLanguage } from '../../i18n/languages.ts'
import { actions, button, link, postForm } from '../web/design/actions.ts'
import { notice, type RowView, rows, section, sectionBody, tag, time } from '../web/design/blocks.ts'
import { choice } from '../web/design/fields.ts'
import { sitePage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { browserName } from './browser-name.ts'
import { deviceSection } from './device.page.ts'
import { type OwnPasskey, passkeySection } from './passkey.page.ts'
import { backupRows, phoneRow } from './phone.lines.ts'
import { pinRows } from './pin.page.ts'
import { questionLines } from './questions.page.ts'
import { recoveryLines } from './recovery.page.ts'
import { tokenRows } from './token.lines.ts'

type Account = Output<'readAccount'>
type Event = Output<'listActivity'>['events'][number]

export const doneNotices = [
  'setup',
  'phone',
  'backup-phone',
  'backup-phone-removed',
  'token',
  'token-removed',
  'token-resync',
  'passkey',
  'passkey-renamed',
  'passkey-removed',
  'device',
  'device-renamed',
  'device-removed',
  'questions',
  'recovery',
  'pin',
  'method',
  'language',
] as const
export type Done = (typeof doneNotices)[number]

export type AccountView = {
  account: Account
  passkeys: readonly OwnPasskey[]
  devices: Output<'listDevices'>
  recent: readonly Event[]
  reader: Reader
  done?: Done | undefined
}

/** What is asked at sign-in, where the person is reached, and what happened lately. Each row leads to one question. */
export function accountPage(frame: Frame, { account, passkeys, devices, recent, reader, done }: AccountView): Html {
  const { t, look } = frame
  const reserves = [...questionLines(frame, account.questions), ...recoveryLines(frame, account.recoveryCodes)]
  return sitePage(frame, {
    heading: t('account.heading'),
    lede: t('account.lede', { company: look.company }),
    who: account.displayName,
    above: done && notice({ lead: t(`done.${done}.lead`), text: t(`done.${done}.text`), focus: true }),
    body: [
      section({
        heading: t('account.second-step'),
        body: rows([methodRow(frame, account), ...pinRows(frame, account, reader), languageRow(frame, account)]),
      }),
      section({
        heading: t('account.reach'),
        body: rows([phoneRow(frame, account), ...backupRows(frame, account), ...tokenRows(frame, account, reader)]),
      }),
      deviceSection(frame, { ...devices, reader }),
      passkeySection(frame, { passkeys, mayAdd: account.mayAddPasskey, reader }),
      reserves.length > 0 && section({ heading: t('account.reserves'), body: rows(reserves) }),
      section({ heading: t('account.profile'), body: rows(profileRows(frame, account)) }),
      section({
        heading: t('activity.recent'),
        action: html`<a href="${frame.to('/account/activity')}">${t('activity.all')}<span class="vh"> ${t('activity.all.object')}</span></a>`,
        body: rows(recent.map((event) => activityRow(frame, event, reader))),
      }),
      postForm(frame, {
        to: '/sign-out',
        body: [
          html`<input type="hidden" name="all" value="yes">`,
          actions([button({ label: t('account.sign-out-all'), kind: 'second' })]),
        ],
      }),
    ],
  })
}

function methodRow({ t, to }: Frame, { method, methods, mayChoose }: Account): RowView {
  const action =
    mayChoose && methods.length > 1
      ? { label: t('button.change'), to: to('/account/method'), object: t('account.method.object') }
      : undefined
  return { term: t('account.method'), value: [t(`method.${method}`), ' ', tag(t('account.in-use'), 'good')], action }
}

function languageRow({ t, to, language }: Frame, { language: own, mayChooseLanguage }: Account): RowView {
  const code: LanguageCode = parseLanguage(own) ?? language
  const action = mayChooseLanguage
    ? { label: t('button.change'), to: to('/account/language'), object: t('account.language.object') }
    : undefined
  return { term: t('account.language'), value: languageOf(code).name, note: t('account.language.note'), action }
}

function profileRows({ t }: Frame, { username, displayName, mail }: Account): RowView[] {
  const all: RowView[] = [
    { term: t('account.name'), value: displayName },
    { term: t('account.username'), value: username },
  ]
  return mail === undefined ? all : [...all, { term: t('account.mail'), value: mail }]
}

const methods = ['text', 'call', 'app', 'oath', 'passkey', 'questions', 'recovery'] as const
const refused: readonly string[] = [
  'password.wrong',
  'second-step.wrong',
  'second-step.replayed',
  'second-step.locked',
  'passkey.cloned',
  'pin.wrong',
  'call.failed',
  'call.fraud',
  'app.denied',
  'app.fraud',
]

function activityRow({ t }: Frame, { at, event, method, address, userAgent }: Event, reader: Reader): RowView {
  const key: Key = `event.${event}` as Key
  const named = methods.find((name) => name === method && !event.startsWith('passkey.'))
  const known = named ? ` · ${t(`method.${named}`)}` : ''
  const sentence = [t(key), known, ' ', refused.includes(event) && tag(t('activity.not-signed-in'), 'warn')]
  return {
    term: time(moment(new Date(at), reader)),
    value: sentence,
    note: [browserName(userAgent), address].filter(Boolean).join(' · '),
  }
}

export type ActivityView = { who: string; events: readonly Event[]; next: string | undefined; reader: Reader }

export function activityPage(frame: Frame, { who, events, next, reader }: ActivityView): Html {
  const { t } = frame
  return sitePage(frame, {
    heading: t('activity.heading'),
    lede: t('activity.lede'),
    who,
    body: [
      section({
        heading: t('activity.recent'),
        body:
          events.length > 0
            ? rows(events.map((event) => activityRow(frame, event, reader)))
            : sectionBody(html`<p>${t('activity.empty')}</p>`),
      }),
      html`<p class="paging">${next !== undefined && link({ label: t('activity.older'), to: frame.to(`/account/activity?before=${next}`) })} ${link({ label: t('activity.back'), to: frame.to('/account') })}</p>`,
    ],
  })
}

export type ChoosePage = { who: string; complaint?: string }

export function methodPage(
  frame: Frame,
  { who, method, methods, complaint }: ChoosePage & Pick<Account, 'method' | 'methods'>,
): Html {
  const { t } = frame
  const options = methods.map((value) => ({ value, label: t(`method.${value}`), hint: t(`method.${value}.hint`) }))
  return onePage(
    frame,
    {
      who,
      heading: t('method.heading'),
      lede: t('method.lede'),
      to: '/account/method',
      ...(complaint !== undefined && { complaint }),
    },
    { name: 'method', legend: t('account.method'), options, value: method },
  )
}

export function languagePage(
  frame: Frame,
  {
    who,
    language,
    languages,
    complaint,
  }: ChoosePage & { language: LanguageCode; languages: readonly { code: string; name: string }[] },
): Html {
  const { t } = frame
  const options = languages.map(({ code, name }) => ({ value: code, label: name }))
  return onePage(
    frame,
    {
      who,
      heading: t('language.heading'),
      lede: t('language.lede'),
      to: '/account/language',
      ...(complaint !== undefined && { complaint }),
    },
    { name: 'language', legend: t('account.language'), options, value: language },
  )
}

type One = ChoosePage & { heading: string; lede: string; to: string }

/** One question with a few answers. */
function onePage(
  frame: Frame,
  { who, heading, lede, to, complaint }: One,
  question: Omit<Parameters<typeof choice>[1], 'complaint'>,
): Html {
  const { t } = frame
  return sitePage(frame, {
    heading,
    lede,
    who,
    shape: 'card',
    failed: complaint !== undefined,
    body: postForm(frame, {
      to,
      body: [
        choice(t, { ...question, legendHidden: true, complaint }),
        actions([
          button({ label: t('button.save') }),
          link({ label: t('button.cancel'), to: frame.to('/account'), kind: 'second' }),
        ]),
      ],
    }),
  })
}
