import type { Output } from '../../contract/contract.ts'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { journeyOf, setup } from './journey.ts'
import { ask, type Portal, tell } from './portal.ts'
import { setupPage } from './setup.page.ts'

type Method = Output<'readSetup'>['methods'][number]

/** GET /setup. Where there is nothing to choose, the one method's own page is the first question. */
export async function getSetup(portal: Portal, request: PageRequest): Promise<Reply> {
  const { methods, mayChoose, displayName, pinFor } = await tell(portal, request, 'readSetup', {})
  const [only] = methods
  // A secret is made by a button, never by a page that is opened.
  if (!mayChoose && only && (only !== 'oath' || pinFor.includes(only)))
    return afterMethod(portal, request, only, pinFor)
  return page(setupPage(request, { journey: { ...setup, who: displayName }, methods }))
}

/** POST /setup. */
export async function postSetup(portal: Portal, request: PageRequest): Promise<Reply> {
  const { methods, pinFor } = await tell(portal, request, 'readSetup', {})
  const method = request.form.choice('method', methods)
  if (method) return afterMethod(portal, request, method, pinFor)
  const journey = await journeyOf(portal, request, setup)
  return page(setupPage(request, { journey, methods, complaint: request.t('setup.missing') }), 422)
}

/** What follows the choice of a method: its PIN, for those in `pinFor`, and then its own first page. */
export async function afterMethod(
  portal: Portal,
  request: PageRequest,
  method: Method,
  pinFor: readonly Method[],
): Promise<Reply> {
  if (pinFor.includes(method)) return seeOther(`/setup/pin?for=${method}`)
  switch (method) {
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
  }
}
