import { button, postForm } from '../web/design/actions.ts'
import { shownCode } from '../web/design/blocks.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import type { SimulatedToken } from './tokens.ts'

/** The token beside the phones. Pressing it often without using the codes makes it run away, as in life. */
export function tokenView(frame: Frame, token: SimulatedToken): Html {
  const { t } = frame
  const code = token.shown()
  const display =
    code === undefined ? html`<p class="lede">${t('simulator.token.dark')}</p>` : shownCode(code, { group: 3 })
  const press = postForm(frame, {
    to: '/token/press',
    body: button({ label: t('simulator.token.press'), kind: 'second' }),
  })
  return html`<section class="phone"><header><h2>${token.owner}</h2><span class="keep">${t('simulator.token', { serial: token.serial })}</span></header>${display}${press}</section>`
}
