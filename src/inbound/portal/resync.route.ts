import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { returnPath } from '../web/return-path.ts'
import { type Portal, tell } from './portal.ts'
import { resyncPage } from './resync.page.ts'
import { queryOf } from './way-query.ts'

/** The page that brings a token back which ran away: from the account, and from the page that asks for a code. */
export function resyncRoutes(from: 'account' | 'second-step') {
  return { getResync: (portal: Portal, request: PageRequest) => show(portal, request), postResync }

  async function show(portal: Portal, request: PageRequest, complaint?: string): Promise<Reply> {
    const to = returnPath(request.query.get('to'))
    const { displayName } = await tell(portal, request, from === 'account' ? 'readAccount' : 'readSecondStep', {})
    const places =
      from === 'account'
        ? { post: '/account/token/resync', back: '/account', door: false }
        : { post: `/second-step/resync${queryOf({ to })}`, back: codePage(to), door: true }
    return page(resyncPage(request, { who: displayName, ...places, complaint }), complaint ? 422 : 200)
  }

  async function postResync(portal: Portal, request: PageRequest): Promise<Reply> {
    const { form, query, t } = request
    const to = returnPath(query.get('to'))
    const [first, second] = [form.text('first', 64), form.text('second', 64)]
    if (first === '' || second === '') return show(portal, request, t('resync.missing'))

    const verdict = await tell(portal, request, 'resyncToken', { first, second })
    switch (verdict.outcome) {
      case 'done':
        return seeOther(from === 'account' ? '/account?done=token-resync' : codePage(to, 'in-step'))
      case 'wrong':
        return show(portal, request, t('resync.wrong', { count: verdict.attemptsLeft }))
      case 'gone':
        return show(portal, request, t('resync.none'))
      case 'locked':
        return seeOther('/second-step')
    }
  }
}

function codePage(to: string | undefined, notice?: 'in-step'): string {
  return `/second-step${queryOf({ way: 'oath', to, notice })}`
}
