import type { Output } from '../../contract/contract.ts'
import type { Moment } from '../../i18n/format.ts'
import { link, ways } from '../web/design/actions.ts'
import { notice } from '../web/design/blocks.ts'
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
  /** Beside the PIN. */
  pinComplaint?: string
  /** One of several answers is wrong, and it is not told which. */
  mismatch?: string
  /** What was typed, where another look at it may find the slip. */
  typed?: string
  notice?: 'too-soon' | 'unavailable' | 'in-step'
  lockedUntil?: Moment | undefined
}

type Shown = Pick<DoorView, 'heading' | 'lede' | 'above' | 'refreshSeconds' | 'centred' | 'scripts'> & {
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
  const stepUp = step.purpose === 'step-up'
  const since = `stamp=${encodeURIComponent(step.stamp)}&way=${step.method}`
  const otherWays = `/second-step/ways${queryOf({ to: view.to })}`
  const anotherWay = link({ label: t('second-step.another-way'), to: frame.to(otherWays) })
  return doorPage(frame, {
    ...shown,
    lede: stepUp && shown.lede !== undefined ? [t('step-up.lede'), ' ', shown.lede] : shown.lede,
    ...badgeOf(step),
    above: [view.mismatch && notice({ tone: 'bad', text: view.mismatch }), shown.above],
    failed: isFailed(view),
    live: frame.to(`/second-step/events?${since}`),
    body: [
      body,
      ways(
        [...others.filter((way) => way !== false), anotherWay, ...(stepUp ? [backToAccount(frame)] : [])],
        othersHeading === undefined ? {} : { heading: othersHeading },
      ),
    ],
  })
}

/** Whoever is signed in, and proves it again, can leave it at that. */
export function backToAccount(frame: Frame): Html {
  return link({ label: frame.t('activity.back'), to: frame.to('/account') })
}

export function isFailed({ complaint, pinComplaint, mismatch }: SecondStepView): boolean {
  return [complaint, pinComplaint, mismatch].some((text) => text !== undefined)
}

export function badgeOf({ displayName }: SecondStepView['step']): Pick<DoorView, 'badge'> {
  return { badge: displayName }
}
