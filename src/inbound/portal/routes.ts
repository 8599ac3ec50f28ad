import type { Output } from '../../contract/contract.ts'
import type { PageRequest, Reply } from '../web/http.ts'
import type { Route } from '../web/routes.ts'
import { getAccount, getActivity, getLanguage, getMethod, postLanguage, postMethod } from './account.route.ts'
import { appRows } from './app.rows.ts'
import { callRows } from './call.rows.ts'
import { getChallenge, postChallenge } from './challenge.route.ts'
import { account, setup } from './journey.ts'
import { passkeyRows } from './passkey.rows.ts'
import { getPassword, passwordOutage, postPassword } from './password.route.ts'
import { phoneRoutes } from './phone.route.ts'
import { pinRows } from './pin.rows.ts'
import type { Portal } from './portal.ts'
import { questionRows } from './questions.rows.ts'
import { recoveryRows } from './recovery.rows.ts'
import { getEvents, getNone, getSecondStep, getWays, postSecondStep, postSend } from './second-step.route.ts'
import { getSetup, postSetup } from './setup.route.ts'
import { getSignIn, getStart, postIntegrated, postSignIn, postSignOut, signInOutage } from './sign-in.route.ts'
import { tokenRows } from './token.rows.ts'

type Level = Output<'readMe'>['level']
/** Who may call a page. The engine judges again at each operation; this table leads people to where they are. */
export type Who = 'anyone' | 'second step' | 'setting up' | 'choosing a PIN' | 'signed in'

export const admits: Record<Who, readonly Level[]> = {
  anyone: ['anyone', 'half signed in', 'setting up', 'choosing a PIN', 'signed in'],
  'second step': ['half signed in', 'signed in'],
  'setting up': ['setting up'],
  'choosing a PIN': ['choosing a PIN'],
  'signed in': ['signed in'],
}

type Handler = (portal: Portal, request: PageRequest) => Reply | Promise<Reply>
export type Row = Omit<Route<Who>, 'handler' | 'summary'> & { summary: string; handler: Handler }

const inSetup = { phone: phoneRoutes(setup) }
const onAccount = { phone: phoneRoutes(account) }

/** Every page of the portal. `docs/reference/routes.md` is made from this table, and a test tries each row at each level. */
export const portalRoutes: readonly Row[] = [
  { method: 'GET', path: '/', who: 'anyone', handler: getStart, summary: 'Leads everyone to where they are' },
  { method: 'GET', path: '/sign-in', who: 'anyone', handler: getSignIn, summary: 'User name and password' },
  {
    method: 'POST',
    path: '/sign-in',
    who: 'anyone',
    handler: postSignIn,
    outage: signInOutage,
    summary: 'Checks them',
  },
  {
    method: 'GET',
    path: '/sign-in/challenge',
    who: 'anyone',
    handler: (portal, request) => getChallenge(portal, request),
    summary: 'What the directory asks back',
  },
  {
    method: 'POST',
    path: '/sign-in/challenge',
    who: 'anyone',
    handler: postChallenge,
    summary: 'Takes the reply',
  },
  {
    method: 'POST',
    path: '/sign-in/integrated',
    who: 'anyone',
    handler: postIntegrated,
    summary: 'Signs in whom a trusted proxy has proven, as far as the second step',
  },
  {
    method: 'GET',
    path: '/sign-in/password',
    who: 'anyone',
    handler: getPassword,
    summary: 'Leads to the sign-in, which leads back',
  },
  {
    method: 'POST',
    path: '/sign-in/password',
    who: 'anyone',
    handler: postPassword,
    outage: passwordOutage,
    summary: 'Takes a new password in place of one that must be changed',
  },
  {
    method: 'POST',
    path: '/sign-out',
    who: 'anyone',
    handler: postSignOut,
    summary: 'Ends the session, or all of them',
  },

  {
    method: 'GET',
    path: '/second-step',
    who: 'second step',
    handler: getSecondStep,
    summary: 'Asks for the second step',
  },
  { method: 'POST', path: '/second-step', who: 'second step', handler: postSecondStep, summary: 'Takes the code' },
  { method: 'POST', path: '/second-step/send', who: 'second step', handler: postSend, summary: 'Texts a new code' },
  {
    method: 'GET',
    path: '/second-step/events',
    who: 'second step',
    handler: getEvents,
    summary: 'Tells the page when to move on',
  },
  { method: 'GET', path: '/second-step/ways', who: 'second step', handler: getWays, summary: 'Other ways to prove it' },
  {
    method: 'GET',
    path: '/second-step/none',
    who: 'second step',
    handler: getNone,
    summary: 'Says that there is no way left',
  },

  ...tokenRows,
  ...passkeyRows,
  ...callRows,
  ...appRows,
  ...questionRows,
  ...recoveryRows,
  ...pinRows,

  { method: 'GET', path: '/setup', who: 'setting up', handler: getSetup, summary: 'User Setup: which method' },
  { method: 'POST', path: '/setup', who: 'setting up', handler: postSetup, summary: 'Takes the method' },
  {
    method: 'GET',
    path: '/setup/phone',
    who: 'setting up',
    handler: inSetup.phone.getPhone,
    summary: 'User Setup: which phone',
  },
  {
    method: 'POST',
    path: '/setup/phone',
    who: 'setting up',
    handler: inSetup.phone.postPhone,
    summary: 'Texts a code to it',
  },
  {
    method: 'GET',
    path: '/setup/phone/code',
    who: 'setting up',
    handler: inSetup.phone.getCode,
    summary: 'User Setup: the code that came',
  },
  {
    method: 'POST',
    path: '/setup/phone/code',
    who: 'setting up',
    handler: inSetup.phone.postCode,
    summary: 'Takes the code and the phone',
  },
  {
    method: 'POST',
    path: '/setup/phone/again',
    who: 'setting up',
    handler: inSetup.phone.postAgain,
    summary: 'Texts a new code',
  },
  {
    method: 'GET',
    path: '/setup/phone/events',
    who: 'setting up',
    handler: inSetup.phone.getEvents,
    summary: 'Tells the page when to move on',
  },

  { method: 'GET', path: '/account', who: 'signed in', handler: getAccount, summary: "The person's account" },
  { method: 'GET', path: '/account/activity', who: 'signed in', handler: getActivity, summary: 'Own recent activity' },
  {
    method: 'GET',
    path: '/account/method',
    who: 'signed in',
    handler: getMethod,
    summary: 'Which method is asked first',
  },
  { method: 'POST', path: '/account/method', who: 'signed in', handler: postMethod, summary: 'Takes it' },
  { method: 'GET', path: '/account/language', who: 'signed in', handler: getLanguage, summary: 'Which language' },
  { method: 'POST', path: '/account/language', who: 'signed in', handler: postLanguage, summary: 'Takes it' },
  {
    method: 'GET',
    path: '/account/phone',
    who: 'signed in',
    handler: onAccount.phone.getPhone,
    summary: 'Another phone',
  },
  {
    method: 'POST',
    path: '/account/phone',
    who: 'signed in',
    handler: onAccount.phone.postPhone,
    summary: 'Texts a code to it',
  },
  {
    method: 'GET',
    path: '/account/phone/code',
    who: 'signed in',
    handler: onAccount.phone.getCode,
    summary: 'The code that came',
  },
  {
    method: 'POST',
    path: '/account/phone/code',
    who: 'signed in',
    handler: onAccount.phone.postCode,
    summary: 'Takes the code and the phone',
  },
  {
    method: 'POST',
    path: '/account/phone/again',
    who: 'signed in',
    handler: onAccount.phone.postAgain,
    summary: 'Texts a new code',
  },
  {
    method: 'GET',
    path: '/account/phone/events',
    who: 'signed in',
    handler: onAccount.phone.getEvents,
    summary: 'Tells the page when to move on',
  },
]
