import { longDate, moment, type Reader } from '../../i18n/format.ts'
import { actions, button, link, postForm } from '../web/design/actions.ts'
import { type RowView, rows, section, time } from '../web/design/blocks.ts'
import { field } from '../web/design/fields.ts'
import { sitePage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import type { OwnDevice } from './app.page.ts'

type SectionView = { devices: readonly OwnDevice[]; mayAdd: boolean; most: number; reader: Reader }

/** On the account page: the devices that answer for this person. */
export function deviceSection(frame: Frame, { devices, mayAdd, most, reader }: SectionView): Html | undefined {
  const { t, to } = frame
  if (devices.length === 0 && !mayAdd) return undefined
  const none: RowView = { term: t('account.device'), value: t('account.none'), note: t('account.device.none') }
  const full = devices.length >= most
  return section({
    heading: t('account.devices'),
    action:
      mayAdd && link({ label: t(full ? 'account.devices.replace' : 'account.devices.add'), to: to('/account/app') }),
    body: rows(devices.length === 0 ? [none] : devices.map((device) => deviceRow(frame, device, reader))),
  })
}

function deviceRow({ t, to }: Frame, { id, name, addedAt, usedAt, push }: OwnDevice, reader: Reader): RowView {
  const used =
    usedAt === undefined
      ? t('account.token.unused')
      : [t('account.token.used'), ' ', time(moment(new Date(usedAt), reader))]
  const added = t('account.token.added', { date: longDate(new Date(addedAt), reader) })
  const own = `/account/devices/${encodeURIComponent(id)}`
  return {
    term: t('account.device'),
    value: name,
    note: [added, ' · ', used, push && ` · ${t('account.device.push')}`],
    action: html`${link({ label: t('account.passkey.rename'), to: to(`${own}/name`), object: name })} · ${link({ label: t('button.remove'), to: to(`${own}/remove`), object: name })}`,
  }
}

export type RenameView = { who: string; id: string; name: string; complaint?: string | undefined }

export function renameDevicePage(frame: Frame, { who, id, name, complaint }: RenameView): Html {
  const { t, to } = frame
  return sitePage(frame, {
    heading: t('device.rename.heading'),
    who,
    shape: 'card',
    failed: complaint !== undefined,
    body: postForm(frame, {
      to: `/account/devices/${encodeURIComponent(id)}/name`,
      body: [
        field(t, {
          name: 'name',
          label: t('device.name'),
          value: name,
          complaint,
          autocomplete: 'off',
          maxLength: 60,
          width: 'medium',
        }),
        actions([
          button({ label: t('button.save') }),
          link({ label: t('button.cancel'), to: to('/account'), kind: 'second' }),
        ]),
      ],
    }),
  })
}

export type RemoveView = { who: string; id: string; name: string; last: boolean }

/** Asked once more, since a mistake here costs a way in. */
export function removeDevicePage(frame: Frame, { who, id, name, last }: RemoveView): Html {
  const { t, to } = frame
  const cancel = link({ label: t('button.cancel'), to: to('/account'), kind: 'second' })
  return sitePage(frame, {
    heading: last ? t('account.last-way') : t('device.remove.heading', { name }),
    who,
    shape: 'card',
    lede: last ? t('device.remove.last', { name }) : t('device.remove.lede'),
    body: last
      ? actions([link({ label: t('device.remove.last.add'), to: to('/account/app'), kind: 'primary' }), cancel])
      : postForm(frame, {
          to: `/account/devices/${encodeURIComponent(id)}/remove`,
          body: actions([button({ label: t('device.remove.button'), kind: 'danger' }), cancel]),
        }),
  })
}
