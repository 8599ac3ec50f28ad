import type { Output } from '../../contract/contract.ts'
import { longDate, moment, type Reader } from '../../i18n/format.ts'
import { button, postForm } from '../web/design/actions.ts'
import { type RowView, tag, time } from '../web/design/blocks.ts'
import type { Piece } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

type Account = Output<'readAccount'>
type Times = { addedAt: string; usedAt?: string | undefined }

/** The OATH tokens on the account page: the person's own one, and those of hardware that the person was given. */
export function tokenRows(frame: Frame, account: Account, reader: Reader): RowView[] {
  const hardware = account.hardwareTokens.map((token) => hardwareRow(frame, token, reader))
  return [ownRow(frame, account, reader), ...hardware]
}

function ownRow(frame: Frame, { token, mayAddToken }: Account, reader: Reader): RowView {
  const { t, to } = frame
  const term = t('account.token')
  if (!token) {
    const add = postForm(frame, {
      to: '/account/token/new',
      shape: 'inline',
      body: button({ label: t('button.add'), kind: 'plain', object: t('account.token.object') }),
    })
    return { term, value: t('account.none'), action: mayAddToken ? add : undefined }
  }
  return {
    term,
    value: t(`account.token.${token.kind}`),
    note: timesOf(frame, token, reader),
    action: { label: t('button.remove'), to: to('/account/token/remove'), object: t('account.token.object') },
  }
}

function hardwareRow(frame: Frame, token: Account['hardwareTokens'][number], reader: Reader): RowView {
  const { t, to } = frame
  const { serialEnd: end, model, live } = token
  const name = t('account.hardware.value', { end })
  return {
    term: t('account.hardware'),
    value: [name, !live && [' ', tag(t('account.hardware.not-live'), 'warn')]],
    note: [model && `${model} · `, timesOf(frame, token, reader)],
    action: { label: t('account.hardware.resync'), to: to('/account/token/resync'), object: name },
  }
}

function timesOf({ t }: Frame, { addedAt, usedAt }: Times, reader: Reader): Piece {
  const used =
    usedAt === undefined
      ? t('account.token.unused')
      : [t('account.token.used'), ' ', time(moment(new Date(usedAt), reader))]
  return [t('account.token.added', { date: longDate(new Date(addedAt), reader) }), ' · ', used]
}
