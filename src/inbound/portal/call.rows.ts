import { callRoutes, getRemoveBackup, postAsk, postRemoveBackup } from './call.route.ts'
import { account, setup } from './journey.ts'
import type { Row } from './routes.ts'

const inSetup = callRoutes(setup)
const onAccount = callRoutes(account)

/** The portal's rows for what is answered by phone. */
export const callRows: readonly Row[] = [
  {
    method: 'POST',
    path: '/second-step/call',
    who: 'second step',
    handler: postAsk('call'),
    summary: 'Calls the person',
  },
  {
    method: 'POST',
    path: '/second-step/text',
    who: 'second step',
    handler: postAsk('text'),
    summary: 'Texts a question to reply to',
  },
  ...journeyRows('/setup', 'setting up', inSetup),
  ...journeyRows('/account', 'signed in', onAccount),
  {
    method: 'GET',
    path: '/account/backup/remove',
    who: 'signed in',
    handler: getRemoveBackup,
    summary: 'Asks before the backup phone is removed',
  },
  {
    method: 'POST',
    path: '/account/backup/remove',
    who: 'signed in',
    handler: postRemoveBackup,
    summary: 'Removes it',
  },
]

function journeyRows(
  base: '/setup' | '/account',
  who: Row['who'],
  { getPhone, postPhone, getProof, postAgain, getEvents }: ReturnType<typeof callRoutes>,
): Row[] {
  return [
    { method: 'GET', path: `${base}/call`, who, handler: getPhone, summary: 'Which phone to call' },
    { method: 'POST', path: `${base}/call`, who, handler: postPhone, summary: 'Calls it' },
    { method: 'GET', path: `${base}/call/wait`, who, handler: getProof, summary: 'Waits until the call was confirmed' },
    { method: 'POST', path: `${base}/call/again`, who, handler: postAgain, summary: 'Calls again' },
    {
      method: 'GET',
      path: `${base}/call/events`,
      who,
      handler: getEvents,
      summary: 'Tells the page when to move on',
    },
  ]
}
