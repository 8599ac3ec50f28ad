import { account, setup } from './journey.ts'
import {
  getRemovePasskey,
  getRename,
  getTooMany,
  passkeyRoutes,
  postRemovePasskey,
  postRename,
} from './passkey.route.ts'
import type { Row } from './routes.ts'
import { getBack, postAskPasskey, postPasskey } from './second-step.route.ts'
import { passkeyOutage, postBeginPasskey, postPasskeySignIn } from './sign-in.route.ts'

const inSetup = passkeyRoutes(setup)
const onAccount = passkeyRoutes(account)

/** What is done with passkeys, at the sign-in page, as the second step, in User Setup and on the account. */
export const passkeyRows: readonly Row[] = [
  {
    method: 'POST',
    path: '/sign-in/passkey/begin',
    who: 'anyone',
    handler: postBeginPasskey,
    summary: 'Asks for a passkey alone (JSON, for the script)',
  },
  {
    method: 'POST',
    path: '/sign-in/passkey',
    who: 'anyone',
    handler: postPasskeySignIn,
    outage: passkeyOutage,
    summary: 'Takes the passkey in place of user name, password and second step',
  },
  {
    method: 'POST',
    path: '/second-step/passkey/ask',
    who: 'second step',
    handler: postAskPasskey,
    summary: 'Asks for a passkey (JSON, for the script)',
  },
  {
    method: 'GET',
    path: '/second-step/passkey',
    who: 'second step',
    handler: (_, request) => getBack('passkey', request),
    summary: 'Leads to the question for a passkey',
  },
  {
    method: 'POST',
    path: '/second-step/passkey',
    who: 'second step',
    handler: postPasskey,
    summary: "Takes the passkey's answer",
  },
  {
    method: 'GET',
    path: '/setup/passkey',
    who: 'setting up',
    handler: inSetup.getAdd,
    summary: 'User Setup: a passkey',
  },
  {
    method: 'POST',
    path: '/setup/passkey/offer',
    who: 'setting up',
    handler: inSetup.postOffer,
    summary: 'Asks for a new passkey (JSON, for the script)',
  },
  { method: 'POST', path: '/setup/passkey', who: 'setting up', handler: inSetup.postAdd, summary: 'Takes the passkey' },
  { method: 'GET', path: '/account/passkey', who: 'signed in', handler: onAccount.getAdd, summary: 'Another passkey' },
  {
    method: 'POST',
    path: '/account/passkey/offer',
    who: 'signed in',
    handler: onAccount.postOffer,
    summary: 'Asks for a new passkey (JSON, for the script)',
  },
  {
    method: 'POST',
    path: '/account/passkey',
    who: 'signed in',
    handler: onAccount.postAdd,
    summary: 'Takes the passkey',
  },
  {
    method: 'GET',
    path: '/account/passkeys/too-many',
    who: 'signed in',
    handler: getTooMany,
    summary: 'Says that there are as many as one may have',
  },
  {
    method: 'GET',
    path: '/account/passkeys/:id/name',
    who: 'signed in',
    handler: getRename,
    summary: 'Another name for a passkey',
  },
  {
    method: 'POST',
    path: '/account/passkeys/:id/name',
    who: 'signed in',
    handler: postRename,
    summary: 'Takes the name',
  },
  {
    method: 'GET',
    path: '/account/passkeys/:id/remove',
    who: 'signed in',
    handler: getRemovePasskey,
    summary: 'Asks before a passkey is removed',
  },
  {
    method: 'POST',
    path: '/account/passkeys/:id/remove',
    who: 'signed in',
    handler: postRemovePasskey,
    summary: 'Removes it',
  },
]
