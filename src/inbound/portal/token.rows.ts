import { account, setup } from './journey.ts'
import { ownTokenRoutes } from './own-token.route.ts'
import { resyncRoutes } from './resync.route.ts'
import type { Row } from './routes.ts'
import { getRemoveToken, getTokenStart, postRemoveToken, tokenRoutes } from './token.route.ts'

/** The portal's rows for OATH tokens. */
export const tokenRows: readonly Row[] = [
  ...journeyRows('/setup', 'setting up', { ...tokenRoutes(setup), ...ownTokenRoutes(setup) }),
  ...journeyRows('/account', 'signed in', { ...tokenRoutes(account), ...ownTokenRoutes(account) }),
  {
    method: 'GET',
    path: '/account/token/start',
    who: 'signed in',
    handler: getTokenStart,
    summary: 'An authenticator app: begin',
  },
  {
    method: 'GET',
    path: '/account/token/remove',
    who: 'signed in',
    handler: getRemoveToken,
    summary: 'Asks before the app is removed',
  },
  { method: 'POST', path: '/account/token/remove', who: 'signed in', handler: postRemoveToken, summary: 'Removes it' },
  ...resyncRows('/account/token/resync', 'signed in', resyncRoutes('account')),
  ...resyncRows('/second-step/resync', 'second step', resyncRoutes('second-step')),
]

type Handlers = ReturnType<typeof tokenRoutes> & ReturnType<typeof ownTokenRoutes>

function journeyRows(base: '/setup' | '/account', who: Row['who'], handlers: Handlers): readonly Row[] {
  return [
    {
      method: 'POST',
      path: `${base}/token/new`,
      who,
      handler: handlers.postNew,
      summary: 'Makes a secret for an app',
    },
    {
      method: 'GET',
      path: `${base}/token`,
      who,
      handler: handlers.getToken,
      summary: 'Secret and QR picture, or the first code of an own token',
    },
    {
      method: 'POST',
      path: `${base}/token`,
      who,
      handler: handlers.postToken,
      summary: 'Takes the code and the token',
    },
    {
      method: 'GET',
      path: `${base}/token/enter`,
      who,
      handler: handlers.getEnter,
      summary: 'The secret of a token of the person’s own',
    },
    { method: 'POST', path: `${base}/token/enter`, who, handler: handlers.postEnter, summary: 'Takes it' },
  ]
}

function resyncRows(
  path: '/account/token/resync' | '/second-step/resync',
  who: Row['who'],
  { getResync, postResync }: ReturnType<typeof resyncRoutes>,
): readonly Row[] {
  return [
    { method: 'GET', path, who, handler: getResync, summary: 'A token that ran away: two codes in a row' },
    { method: 'POST', path, who, handler: postResync, summary: 'Finds it again by them' },
  ]
}
