import { appRoutes, postApp } from './app.route.ts'
import { getRemoveDevice, getRenameDevice, postRemoveDevice, postRenameDevice } from './device.route.ts'
import { account, setup } from './journey.ts'
import type { Row } from './routes.ts'

const inSetup = appRoutes(setup)
const onAccount = appRoutes(account)

/** The portal's rows for the mobile app and the devices that it is on. */
export const appRows: readonly Row[] = [
  { method: 'POST', path: '/second-step/app', who: 'second step', handler: postApp, summary: 'Asks the mobile app' },
  ...journeyRows('/setup', 'setting up', inSetup),
  {
    method: 'POST',
    path: '/setup/app/ask',
    who: 'setting up',
    handler: inSetup.postAsk,
    summary: 'Asks the new device',
  },
  ...journeyRows('/account', 'signed in', onAccount),
  ...deviceRows('name', { get: getRenameDevice, post: postRenameDevice }, [
    'Another name for a device',
    'Takes the name',
  ]),
  ...deviceRows('remove', { get: getRemoveDevice, post: postRemoveDevice }, [
    'Asks before a device is removed',
    'Removes it',
  ]),
]

function journeyRows(
  base: '/setup' | '/account',
  who: Row['who'],
  { getStart, postNew, postAgain, getCode, getEvents }: ReturnType<typeof appRoutes>,
): Row[] {
  return [
    { method: 'GET', path: `${base}/app`, who, handler: getStart, summary: 'The mobile app: begin' },
    { method: 'POST', path: `${base}/app/new`, who, handler: postNew, summary: 'Makes an activation code' },
    { method: 'POST', path: `${base}/app/again`, who, handler: postAgain, summary: 'Makes another one' },
    {
      method: 'GET',
      path: `${base}/app/code`,
      who,
      handler: getCode,
      summary: 'The code, until a device has brought it',
    },
    { method: 'GET', path: `${base}/app/events`, who, handler: getEvents, summary: 'Tells the page when to move on' },
  ]
}

function deviceRows(
  what: 'name' | 'remove',
  { get, post }: Record<'get' | 'post', Row['handler']>,
  [getSummary, postSummary]: readonly [string, string],
): Row[] {
  const path = `/account/devices/:id/${what}` as const
  return [
    { method: 'GET', path, who: 'signed in', handler: get, summary: getSummary },
    { method: 'POST', path, who: 'signed in', handler: post, summary: postSummary },
  ]
}
