import type { Output } from '../../contract/contract.ts'
import { longDate, type Reader } from '../../i18n/format.ts'
import { actions, button, link, postForm, printButton } from '../web/design/actions.ts'
import { codeList, notice, type RowView, rows, tag } from '../web/design/blocks.ts'
import { sitePage } from '../web/design/layout.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

type Counted = NonNullable<Output<'readAccount'>['recoveryCodes']>

/** On the account page; nothing where there are no codes to be had. */
export function recoveryLines(frame: Frame, counted: Counted | undefined): RowView[] {
  if (!counted) return []
  const { t, to } = frame
  const make = { to: to('/account/recovery'), object: t('account.recovery.object') }
  return [
    {
      term: t('account.recovery'),
      ...saidOf(frame, counted),
      action: { ...make, label: labelOf(frame, counted) },
    },
  ]
}

function saidOf({ t }: Frame, { made, unused }: Counted): Pick<RowView, 'value' | 'note'> {
  if (made === 0) return { value: t('account.none'), note: t('account.recovery.none') }
  if (unused === 0)
    return { value: tag(t('account.recovery.used-up'), 'warn'), note: t('account.recovery.used-up.note') }
  return { value: t('account.recovery.left', { count: unused }), note: t('account.recovery.note') }
}

function labelOf({ t }: Frame, { made }: Counted): string {
  return t(made === 0 ? 'account.recovery.make' : 'account.recovery.make-new')
}

export type MakeRecoveryView = { who: string; counted: Counted; complaint?: string }

/** Asked first, since the codes on the old paper die. */
export function makeRecoveryPage(frame: Frame, { who, counted, complaint }: MakeRecoveryView): Html {
  const { t, to } = frame
  return sitePage(frame, {
    heading: t(counted.made === 0 ? 'recovery.make.heading' : 'recovery.make-new.heading'),
    lede: t('recovery.make.lede'),
    who,
    shape: 'card',
    failed: complaint !== undefined,
    above: [
      complaint && notice({ tone: 'bad', text: complaint }),
      counted.unused > 0 && notice({ tone: 'warn', text: t('recovery.make.replaces', { count: counted.unused }) }),
    ],
    body: postForm(frame, {
      to: '/account/recovery',
      body: actions([
        button({ label: t('recovery.make.button') }),
        link({ label: t('button.cancel'), to: to('/account'), kind: 'second' }),
      ]),
    }),
  })
}

export type RecoveryCodesView = { who: string; username: string; codes: readonly string[]; reader: Reader }

/** The one look at them: on one sheet of paper, with what they are and whose. */
export function recoveryCodesPage(frame: Frame, { who, username, codes, reader }: RecoveryCodesView): Html {
  const { t, to, look } = frame
  return sitePage(frame, {
    heading: t('recovery.shown.heading'),
    lede: t('recovery.shown.lede', { company: look.company }),
    who,
    shape: 'card',
    above: notice({ tone: 'warn', lead: t('recovery.shown.once.lead'), text: t('recovery.shown.once') }),
    body: [
      codeList(codes, t('account.recovery')),
      rows([
        { term: t('account.username'), value: username },
        { term: t('recovery.shown.made'), value: longDate(reader.now, reader) },
      ]),
      actions([
        link({ label: t('recovery.shown.kept'), to: to('/account?done=recovery'), kind: 'primary' }),
        printButton(t('recovery.shown.print')),
      ]),
    ],
  })
}
