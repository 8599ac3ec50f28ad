import type { Output } from '../../contract/contract.ts'
import { longDate, moment, type Reader } from '../../i18n/format.ts'
import { actions, button, link, postForm, ways } from '../web/design/actions.ts'
import { notice, type RowView, rows, section, time } from '../web/design/blocks.ts'
import { field } from '../web/design/fields.ts'
import { sitePage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { type Journey, journeyPage, passkeySteps } from './journey.ts'
import { passkeyForm, passkeyScript } from './passkey.form.ts'

export type OwnPasskey = Output<'listPasskeys'>['passkeys'][number]

/** `name`: what the field holds at first; User Setup asks for none. */
export type AddPasskeyView = { journey: Journey; name: string; complaint?: string | undefined }

export function addPasskeyPage(frame: Frame, { journey, name, complaint }: AddPasskeyView): Html {
  const { t } = frame
  const inSetup = journey.kind === 'setup'
  return journeyPage(
    frame,
    journey,
    { steps: passkeySteps, current: 1 },
    {
      heading: t('passkey.heading'),
      lede: t('passkey.lede'),
      failed: complaint !== undefined,
      scripts: [passkeyScript.name],
      above: complaint !== undefined && notice({ tone: 'bad', text: complaint }),
      body: [
        noScript(frame),
        passkeyForm(frame, {
          kind: 'create',
          ask: `${journey.base}/passkey/offer`,
          to: `${journey.base}/passkey`,
          body: [!inSetup && nameField(frame, { name, hint: true }), actions([button({ label: t('passkey.create') })])],
        }),
        ways([
          inSetup
            ? link({ label: t('setup.other-method'), to: frame.to('/setup') })
            : link({ label: t('button.cancel'), to: frame.to('/account') }),
        ]),
      ],
    },
  )
}

export function noScript({ t }: Frame): Html {
  return html`<noscript>${notice({ tone: 'warn', text: t('passkey.no-script') })}</noscript>`
}

type NameField = { name: string; hint?: boolean; complaint?: string | undefined }

function nameField({ t }: Frame, { name, hint = false, complaint }: NameField): Html {
  return field(t, {
    name: 'name',
    label: t('passkey.name'),
    value: name,
    hint: hint ? t('passkey.name.hint') : undefined,
    complaint,
    autocomplete: 'off',
    maxLength: 60,
    width: 'medium',
  })
}

/** On the account page. */
export function passkeySection(
  frame: Frame,
  { passkeys, mayAdd, reader }: { passkeys: readonly OwnPasskey[]; mayAdd: boolean; reader: Reader },
): Html | undefined {
  const { t, to } = frame
  if (passkeys.length === 0 && !mayAdd) return undefined
  const none: RowView = { term: t('account.passkey'), value: t('account.none'), note: t('account.passkey.none') }
  return section({
    heading: t('account.passkeys'),
    action: mayAdd && link({ label: t('account.passkeys.add'), to: to('/account/passkey') }),
    body: rows(passkeys.length === 0 ? [none] : passkeys.map((passkey) => passkeyRow(frame, passkey, reader))),
  })
}

function passkeyRow({ t, to }: Frame, { id, name, addedAt, usedAt, synced }: OwnPasskey, reader: Reader): RowView {
  const used =
    usedAt === undefined
      ? t('account.token.unused')
      : [t('account.token.used'), ' ', time(moment(new Date(usedAt), reader))]
  const added = t('account.token.added', { date: longDate(new Date(addedAt), reader) })
  const own = `/account/passkeys/${encodeURIComponent(id)}`
  return {
    term: t('account.passkey'),
    value: name,
    note: [added, ' · ', used, synced && ` · ${t('account.passkey.synced')}`],
    action: html`${link({ label: t('account.passkey.rename'), to: to(`${own}/name`), object: name })} · ${link({ label: t('button.remove'), to: to(`${own}/remove`), object: name })}`,
  }
}

export type RenameView = { who: string; id: string; name: string; complaint?: string | undefined }

export function renamePasskeyPage(frame: Frame, { who, id, name, complaint }: RenameView): Html {
  const { t, to } = frame
  return sitePage(frame, {
    heading: t('passkey.rename.heading'),
    who,
    shape: 'card',
    failed: complaint !== undefined,
    body: postForm(frame, {
      to: `/account/passkeys/${encodeURIComponent(id)}/name`,
      body: [
        nameField(frame, { name, complaint }),
        actions([
          button({ label: t('button.save') }),
          link({ label: t('button.cancel'), to: to('/account'), kind: 'second' }),
        ]),
      ],
    }),
  })
}

export type RemovePasskeyView = { who: string; id: string; name: string; last: boolean }

/** Asked once more, since a mistake here costs a way in. */
export function removePasskeyPage(frame: Frame, { who, id, name, last }: RemovePasskeyView): Html {
  const { t, to } = frame
  const cancel = link({ label: t('button.cancel'), to: to('/account'), kind: 'second' })
  return sitePage(frame, {
    heading: t(last ? 'account.last-way' : 'passkey.remove.heading'),
    who,
    shape: 'card',
    lede: last ? t('passkey.remove.last') : t('passkey.remove.lede', { name }),
    body: last
      ? actions([link({ label: t('account.passkeys.add'), to: to('/account/passkey'), kind: 'primary' }), cancel])
      : postForm(frame, {
          to: `/account/passkeys/${encodeURIComponent(id)}/remove`,
          body: actions([button({ label: t('passkey.remove.button'), kind: 'danger' }), cancel]),
        }),
  })
}

/** There are as many as one may have. */
export function tooManyPasskeysPage(frame: Frame, { who }: { who: string }): Html {
  const { t, to } = frame
  return sitePage(frame, {
    heading: t('passkey.too-many.heading'),
    who,
    shape: 'card',
    lede: t('passkey.too-many.lede'),
    body: actions([link({ label: t('activity.back'), to: to('/account'), kind: 'primary' })]),
  })
}
