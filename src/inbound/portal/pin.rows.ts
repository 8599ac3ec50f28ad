import { getNewPin, getPin, getSetupPin, postNewPin, postPin, postSetupPin } from './pin.route.ts'
import type { Row } from './routes.ts'

/** The portal's rows for PINs. */
export const pinRows: readonly Row[] = [
  {
    method: 'GET',
    path: '/pin',
    who: 'choosing a PIN',
    handler: getNewPin,
    summary: 'Which PIN, before anything opens',
  },
  { method: 'POST', path: '/pin', who: 'choosing a PIN', handler: postNewPin, summary: 'Takes it and opens' },
  { method: 'GET', path: '/setup/pin', who: 'setting up', handler: getSetupPin, summary: 'User Setup: which PIN' },
  { method: 'POST', path: '/setup/pin', who: 'setting up', handler: postSetupPin, summary: 'Takes it' },
  { method: 'GET', path: '/account/pin', who: 'signed in', handler: getPin, summary: 'Which PIN' },
  { method: 'POST', path: '/account/pin', who: 'signed in', handler: postPin, summary: 'Takes it' },
]
