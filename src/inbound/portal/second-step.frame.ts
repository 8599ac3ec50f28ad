import type { Output } from '../../contract/contract.ts'
import type { Moment } from '../../i18n/format.ts'
import { link, ways } from '../web/design/actions.ts'
import { type DoorView, doorPage } from '../web/design/layout.ts'
import type { Html, Piece } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { queryOf } from './way-query.ts'

export type SecondStepView = {
  step: Output<'readSecondStep'>
  now: Date
  /** Where to go afterwards, for someone who is signed in and proves it again. */
  to: string | undefined
  complaint?: string
  /** What was typed, where another look at it may find the slip. */
  typed?: string
  notice?: 'too-soon' | 'unavailable' | 'in-step'
  lockedUntil?: Moment | undefined
}

type Shown = Pick<DoorView, 'heading' | 'lede' | 'above' | 'refreshSeconds' | 'scripts'> & {
  body: Piece
  others: readonly Piece[]
  othersHeading?: string
  step: SecondStepView['step']
}

/** What every page of the second step has: whose it is, its stream, and the other ways in their one place. */
export function stepPage(
  frame: Frame,
  view: SecondStepView,
  { body, others, othersHeading, step, ...shown }: Shown,
): Html {
  const { t } = frame
  const since = `stamp=${encodeURIComponent(step.stamp)}&way=${step.method}`
  const otherWays = `/second-step/ways${queryOf({ to: view.to })}`
  const anotherWay = link({ label: t('second-step.another-way'), to: frame.to(otherWays) })
  return doorPage(frame, {
    ...shown,
    ...badgeOf(step),
    failed: view.complaint !== undefined,
    live: frame.to(`/second-step/events?${since}`),
    body: [body, ways([...others, anotherWay], othersHeading === undefined ? {} : { heading: othersHeading })],
  })
}

export function badgeOf({ displayName }: SecondStepView['step']): Pick<DoorView, 'badge'> {
  return { badge: displayName }
}
