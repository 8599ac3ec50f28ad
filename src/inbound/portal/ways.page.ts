import type { Output } from '../../contract/contract.ts'
import { button, link, postForm, ways } from '../web/design/actions.ts'
import { doorPage } from '../web/design/layout.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { backToAccount } from './second-step.frame.ts'
import { queryOf } from './way-query.ts'

export type WaysView = { step: Output<'readSecondStep'>; to: string | undefined }

/** The list says no more than what policy lets a person use; who is stuck is told whom to call. */
export function waysPage(frame: Frame, { step, to }: WaysView): Html {
  const { t, look } = frame
  const all = [step.method, ...step.otherWays]
  return doorPage(frame, {
    heading: t('ways.heading'),
    lede: t('ways.lede'),
    badge: step.displayName,
    body: [
      html`<ul class="links">${all.map((way) => html`<li>${link({ label: t(`ways.${way}`), to: frame.to(`/second-step${queryOf({ way, to })}`), kind: 'second' })}</li>`)}</ul>`,
      html`<p class="lede">${look.help.line ? t('ways.none.line', { line: look.help.line }) : t('ways.none')}</p>`,
      ways([wayOut(frame, step)]),
    ],
  })
}

/** Out of the second step: back to where the person is signed in already, or to another person's sign-in. */
export function wayOut(frame: Frame, { purpose }: Pick<WaysView['step'], 'purpose'>): Html {
  return purpose === 'step-up' ? backToAccount(frame) : someoneElse(frame)
}

/** An operator took the last one: nothing can be asked here, and nobody is left going round in circles. */
export function noWayPage(frame: Frame): Html {
  const { t, look } = frame
  return doorPage(frame, {
    heading: t('no-way.heading'),
    lede: t('no-way.lede'),
    body: [
      html`<p>${look.help.line ? t('no-way.line', { line: look.help.line }) : t('no-way.help')}</p>`,
      ways([someoneElse(frame)]),
    ],
  })
}

function someoneElse(frame: Frame): Html {
  const body = button({ label: frame.t('ways.someone-else'), kind: 'plain' })
  return postForm(frame, { to: '/sign-out', shape: 'inline', body })
}
