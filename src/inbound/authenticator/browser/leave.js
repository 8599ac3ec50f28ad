import { askForCode } from './activate.js'
import { button, notice, stacked } from './elements.js'
import { Removed, Unreachable } from './mobile-service.js'
import { show } from './screen.js'
import { forgetAll } from './store.js'

/** Asked once more, since the way back is a new code from the portal. */
export function askWhetherToLeave(app, { above } = {}) {
  const { words, company, kept } = app
  app.opened('else')
  show({
    heading: words('leave.heading'),
    lede: words('leave.lede', { account: kept.account.username }),
    above,
    body: stacked(
      button(words('leave.button'), { kind: 'danger', click: () => void leave(app) }),
      button(words('back'), { kind: 'second', click: () => app.home() }),
    ),
    badge: kept.account.username,
    company,
    words,
  })
}

async function leave(app) {
  const { words, service } = app
  try {
    const answer = await service.leave()
    if (!answer.ok) return askWhetherToLeave(app, { above: notice('bad', words('leave.last')) })
  } catch (error) {
    if (error instanceof Unreachable)
      return askWhetherToLeave(app, { above: notice('bad', words('leave.unreachable')) })
    if (!(error instanceof Removed)) throw error
  }
  app.stop()
  app.kept = {}
  await forgetAll()
  askForCode(app, { above: notice('good', words('leave.done')) })
}
