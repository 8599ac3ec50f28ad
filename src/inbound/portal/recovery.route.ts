import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { account } from './journey.ts'
import { proofFirst, timeOf } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { makeRecoveryPage, recoveryCodesPage } from './recovery.page.ts'

/** GET /account/recovery. */
export async function getRecovery(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const { displayName, recoveryCodes } = await tell(portal, request, 'readAccount', {})
  if (!recoveryCodes) return seeOther('/account')
  return page(makeRecoveryPage(request, { who: displayName, counted: recoveryCodes }))
}

/** POST /account/recovery. The answer is the page itself: nobody can be sent to look at what is not kept. */
export async function postRecovery(portal: Portal, request: PageRequest): Promise<Reply> {
  const told = await ask(portal, request, 'makeRecoveryCodes', {})
  if (!told.ok) return seeOther('/account')
  const { username, displayName: who, recoveryCodes: counted } = await tell(portal, request, 'readAccount', {})
  if (told.value.outcome === 'wait') {
    const complaint = request.t('recovery.make.wait', { time: await timeOf(portal, request, told.value.until) })
    return counted ? page(makeRecoveryPage(request, { who, counted, complaint }), 429) : seeOther('/account')
  }
  const { timeZone } = await portal.site()
  const reader = { language: request.language, timeZone, now: request.now }
  return page(recoveryCodesPage(request, { who, username, codes: told.value.codes, reader }))
}
