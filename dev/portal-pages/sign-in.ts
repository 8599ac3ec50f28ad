import { challengePage } from '../../src/inbound/portal/challenge.page.ts'
import { passwordPage } from '../../src/inbound/portal/password.page.ts'
import { pinPage } from '../../src/inbound/portal/pin.page.ts'
import { signInPage } from '../../src/inbound/portal/sign-in.page.ts'
import { type Problem, problemPage, problemStatus } from '../../src/inbound/web/design/problem.page.ts'
import type { Draw } from '../gallery-site.ts'
import { type Pages, soon, who } from './facts.ts'

const username = 'CORP\\maximiliane.hohenstein-oberlangenfeld@corp.example.org'
const expired = { username, why: 'expired', changeable: true } as const
const newPin = { displayName: who, state: 'none', asksOld: false, minLength: 4, refusesWeak: true } as const

export const signInPages: Pages = {
  'sign-in': (request) => signInPage(request, { allowed: true }),
  'sign-in with passkey': (request) => signInPage(request, { allowed: true, passkey: true }),
  'sign-in integrated': (request) => signInPage(request, { allowed: true, proven: username, passkey: true }),
  'sign-in wrong': (request) =>
    signInPage(request, { allowed: true, username, complaints: { password: request.t('sign-in.wrong') } }),
  'sign-in without a name': (request) =>
    signInPage(request, {
      allowed: true,
      username: '',
      complaints: { username: request.t('sign-in.username.missing') },
    }),
  'sign-in wait': (request) => signInPage(request, { allowed: true, username, waitUntil: soon(request) }),
  'sign-in outage': (request) => signInPage(request, { allowed: true, username, outage: request.id }),
  'sign-in off': (request) => signInPage(request, { allowed: false, passkey: true }),
  'sign-in signed out': (request) => signInPage(request, { allowed: true, notice: 'signed-out' }),
  'sign-in turned away': (request) => signInPage(request, { allowed: true, notice: 'passkey-locked' }),
  password: (request) => passwordPage(request, expired),
  'password reset': (request) => passwordPage(request, { ...expired, why: 'reset' }),
  'password elsewhere': (request) => passwordPage(request, { ...expired, changeable: false }),
  'password rules': (request) =>
    passwordPage(request, { ...expired, complaints: { chosen: request.t('password.rules') } }),
  'password differs': (request) =>
    passwordPage(request, { ...expired, complaints: { again: request.t('password.again.differs') } }),
  'password wrong': (request) =>
    passwordPage(request, { ...expired, complaints: { password: request.t('password.password.wrong') } }),
  'password empty': (request) =>
    passwordPage(request, {
      ...expired,
      complaints: { password: request.t('password.password.missing'), chosen: request.t('password.chosen.missing') },
    }),
  'passkey outage': (request) =>
    signInPage(request, { allowed: true, passkey: true, outage: request.id, outageOf: 'passkey' }),
  'password outage': (request) => passwordPage(request, { ...expired, outage: request.id }),
  'password wait': (request) => passwordPage(request, { ...expired, waitUntil: soon(request) }),
  challenge: (request) =>
    challengePage(request, { echo: false, message: 'Enter the 8-digit PASSCODE from your\nRSA SecurID token: ' }),
  'challenge silent': (request) => challengePage(request, { message: '', echo: true }),
  'challenge without an answer': (request) =>
    challengePage(request, {
      message: 'Reply-Message 0x2A',
      echo: true,
      complaint: request.t('challenge.reply.missing'),
    }),
  'pin at sign-in': (request) => pinPage(request, { place: 'sign-in', to: '/pin', own: newPin }),
  'pin too weak': (request) =>
    pinPage(request, {
      place: 'sign-in',
      to: '/pin',
      own: { ...newPin, state: 'expired' },
      complaints: { pin: request.t('pin.problem.run'), again: request.t('pin.again.differs') },
    }),
  ...Object.fromEntries(
    (Object.keys(problemStatus) as Problem[]).map((problem): [string, Draw] => [
      `problem ${problem}`,
      (request) => problemPage(request, problem, { id: '0198c7f2-3d1e-7bd0-9a55-0c2f7a3f3c11' }),
    ]),
  ),
}
