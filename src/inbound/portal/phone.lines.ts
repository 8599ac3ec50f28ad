import type { Output } from '../../contract/contract.ts'
import type { Translate } from '../../i18n/catalogue.ts'
import type { RowView } from '../web/design/blocks.ts'
import type { Frame } from '../web/http.ts'

type Account = Output<'readAccount'>

export function phoneRow({ t, to }: Frame, account: Account): RowView {
  const { phone, phoneExtension, method, mayChangePhone, mayCall } = account
  const label = phone === undefined ? t('button.add') : t('button.change')
  const byCall = mayCall && (method === 'call' || !mayChangePhone)
  const path = byCall ? '/account/call' : '/account/phone'
  const action = mayCall || mayChangePhone ? { label, to: to(path), object: t('account.phone.object') } : undefined
  return { term: t('account.phone'), value: withExtension(t, phone, phoneExtension) ?? t('account.none'), action }
}

/** Only for those whose phone is called: nothing else ever uses it. */
export function backupRows({ t, to }: Frame, { method, mayCall, backupPhone, backupExtension }: Account): RowView[] {
  if (!mayCall || (method !== 'call' && backupPhone === undefined)) return []
  const label = backupPhone === undefined ? t('button.add') : t('button.change')
  const value = withExtension(t, backupPhone, backupExtension) ?? t('account.none')
  const action = { label, to: to('/account/call?slot=backup'), object: t('account.backup.object') }
  return [{ term: t('account.backup'), value, action }]
}

function withExtension(t: Translate, phone: string | undefined, extension: string | undefined): string | undefined {
  return phone !== undefined && extension !== undefined ? `${phone}, ${t('account.extension', { extension })}` : phone
}
