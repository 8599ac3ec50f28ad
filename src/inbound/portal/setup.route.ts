import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { journeyOf, setup } from './journey.ts'
import { ask, type Portal, tell } from './portal.ts'
import { setupPage } from './setup.page.ts'

/** GET /setup. Where there is nothing to choose, the one method's own page is the first question. */
export async function getSetup(portal: Portal, request: PageRequest): Promise<Reply> {
  const { methods, mayChoose, displayName } = await tell(portal, request, 'readSetup', {})
  if (!mayChoose && methods[0] === 'text') return seeOther('/setup/phone')
  if (!mayChoose && methods[0] === 'call') return seeOther('/setup/call')
  if (!mayChoose && methods[0] === 'app') return seeOther('/setup/app')
  if (!mayChoose && methods[0] === 'passkey') return seeOther('/setup/passkey')
  return page(setupPage(request, { journey: { ...setup, who: displayName }, methods }))
}

/** POST /setup. */
export async function postSetup(portal: Portal, request: PageRequest): Promise<Reply> {
  const { methods } = await tell(portal, request, 'readSetup', {})
  switch (request.form.choice('method', methods)) {
    case 'text':
      return seeOther('/setup/phone')
    case 'call':
      return seeOther('/setup/call')
    case 'app':
      return seeOther('/setup/app')
    case 'oath':
      await ask(portal, request, 'offerToken', {})
      return seeOther('/setup/token')
    case 'passkey':
      return seeOther('/setup/passkey')
    case undefined: {
      const journey = await journeyOf(portal, request, setup)
      return page(setupPage(request, { journey, methods, complaint: request.t('setup.missing') }), 422)
    }
  }
}
