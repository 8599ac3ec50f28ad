import type { Output } from '../../contract/contract.ts'
import { actions, link } from '../web/design/actions.ts'
import { notice, type RowView, rows } from '../web/design/blocks.ts'
import { sitePage } from '../web/design/layout.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'

type Prompted = Output<'readAccount'>['prompted'][number]
export type MoreView = { who: string; prompted: readonly Prompted[] }

const places: Record<Prompted, string> = {
  'backup-phone': '/account/call?slot=backup',
  token: '/account/token/start',
}

/** The last page of User Setup, where the operator wants one: what else the person could have, and a way past it. */
export function morePage(frame: Frame, { who, prompted }: MoreView): Html {
  const { t, to } = frame
  const row = (what: Prompted): RowView => ({
    term: t(`more.${what}`),
    value: t(`more.${what}.why`),
    action: { label: t('button.add'), to: to(places[what]), object: t(`more.${what}.object`) },
  })
  return sitePage(frame, {
    heading: t('more.heading'),
    lede: t('more.lede'),
    who,
    shape: 'card',
    above: notice({ lead: t('done.setup.lead'), text: t('done.setup.text'), focus: true }),
    body: [rows(prompted.map(row)), actions([link({ label: t('more.later'), to: to('/account'), kind: 'second' })])],
  })
}
