import { activationOverPage, activationPage, appProofPage, startAppPage } from '../../src/inbound/portal/app.page.ts'
import { callPhonePage, callProofPage } from '../../src/inbound/portal/call.page.ts'
import { account, type Journey, setup } from '../../src/inbound/portal/journey.ts'
import { morePage } from '../../src/inbound/portal/more.page.ts'
import { enterPage, provePage } from '../../src/inbound/portal/own-token.page.ts'
import { addPasskeyPage } from '../../src/inbound/portal/passkey.page.ts'
import { phoneCodePage, phonePage } from '../../src/inbound/portal/phone.page.ts'
import { pinPage } from '../../src/inbound/portal/pin.page.ts'
import { setupPage } from '../../src/inbound/portal/setup.page.ts'
import { tokenGonePage, tokenPage } from '../../src/inbound/portal/token.page.ts'
import { callOf, device, type Pages, promptOf, qr, replyOf, soon, textOf, who } from './facts.ts'

const journey: Journey = { ...setup, who }
const ofAccount: Journey = { ...account, who }
const methods = ['app', 'text', 'call', 'oath', 'passkey'] as const
const phone = { journey, country: 'DE', number: '030 9018' }
const proof = { displayName: who, byReply: false, country: 'DE', number: '030 901820', stamp: '1' }
const calling = {
  displayName: who,
  slot: 'primary',
  country: 'DE',
  number: '030 901820',
  extension: '',
  stamp: '1',
} as const
const secret = { journey, secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x', qr, digits: 6 }
const ownToken = { kind: 'hotp', algorithm: 'SHA1', digits: '6', period: '30', counter: '' } as const
const app = 'https://mfa.corp.example.org/MultiFactorAuth/app/'

export const setupPages: Pages = {
  'setup method': (request) => setupPage(request, { journey, methods }),
  'setup method missing': (request) => setupPage(request, { journey, methods, complaint: request.t('setup.missing') }),
  'setup phone': (request) => phonePage(request, { ...phone, number: '' }),
  'setup phone too short': (request) =>
    phonePage(request, { ...phone, complaint: request.t('phone.problem.too-short', { country: 'Deutschland' }) }),
  'setup phone wait': (request) =>
    phonePage(request, { ...phone, complaint: request.t('phone.wait', { time: soon(request).text }) }),
  'setup code': (request) =>
    phoneCodePage(request, { journey, now: request.now, proof: { ...proof, text: textOf(request) } }),
  'setup code wrong': (request) =>
    phoneCodePage(request, {
      journey,
      now: request.now,
      proof: { ...proof, text: textOf(request) },
      complaint: request.t('code.wrong', { count: 4 }),
      typed: '48215',
    }),
  'setup code expired': (request) => phoneCodePage(request, { journey, now: request.now, proof }),
  'setup reply': (request) =>
    phoneCodePage(request, { journey, now: request.now, proof: { ...proof, byReply: true, reply: replyOf(request) } }),
  'setup reply over': (request) =>
    phoneCodePage(request, {
      journey,
      now: request.now,
      proof: { ...proof, byReply: true, reply: replyOf(request, { state: 'over', outcome: 'wrong-reply' }) },
    }),
  'setup call': (request) => callPhonePage(request, { ...phone, slot: 'primary', extension: '' }),
  'setup call wrong': (request) =>
    callPhonePage(request, {
      ...phone,
      slot: 'primary',
      extension: '12a',
      complaints: {
        number: request.t('phone.problem.impossible', { country: 'Deutschland' }),
        extension: request.t('call.problem.extension'),
      },
    }),
  'setup call waiting': (request) =>
    callProofPage(request, { journey, now: request.now, proof: { ...calling, call: callOf(request) } }),
  'setup call over': (request) =>
    callProofPage(request, {
      journey,
      now: request.now,
      proof: { ...calling, call: callOf(request, { state: 'over', outcome: 'busy' }) },
    }),
  'setup pin': (request) =>
    pinPage(request, {
      place: 'setup',
      to: '/setup/pin',
      own: { displayName: who, state: 'none', asksOld: false, minLength: 4, refusesWeak: true },
      complaints: { pin: request.t('pin.problem.year') },
    }),
  'setup app': (request) => startAppPage(request, { journey, url: app, full: [], most: 1 }),
  'account app full': (request) =>
    startAppPage(request, {
      journey: ofAccount,
      url: app,
      full: [device, { ...device, id: '2', name: 'iPad', platform: 'iOS' }],
      most: 2,
      complaint: request.t('app.replaces.missing'),
    }),
  'setup app code': (request) =>
    activationPage(request, {
      journey,
      code: 'K7QX-2M9D-T4WB',
      url: app,
      link: `${app}#K7QX2M9DT4WB`,
      qr,
      until: soon(request),
      stamp: '1',
    }),
  'setup app code over': (request) => activationOverPage(request, { journey }),
  'setup app connected': (request) =>
    appProofPage(request, { journey, device: device.name, proof: undefined, now: request.now, stamp: '1' }),
  'setup app asked': (request) =>
    appProofPage(request, { journey, device: device.name, proof: promptOf(request), now: request.now, stamp: '1' }),
  'setup app over': (request) =>
    appProofPage(request, {
      journey,
      device: device.name,
      proof: promptOf(request, { state: 'over', outcome: 'wrong-number' }),
      now: request.now,
      stamp: '1',
    }),
  'setup token': (request) => tokenPage(request, secret),
  'setup token wrong': (request) =>
    tokenPage(request, { ...secret, complaint: request.t('token.wrong', { count: 4 }), typed: '000000' }),
  'setup token gone': (request) => tokenGonePage(request, { journey, tried: true }),
  'setup own token': (request) => enterPage(request, { journey, token: ownToken }),
  'setup own token wrong': (request) =>
    enterPage(request, {
      journey,
      token: ownToken,
      complaints: {
        secret: request.t('own-token.problem.malformed'),
        counter: request.t('own-token.problem.counter'),
      },
    }),
  'setup own token codes': (request) => provePage(request, { journey, digits: 6, codes: 2 }),
  'setup own token codes wrong': (request) =>
    provePage(request, { journey, digits: 8, codes: 1, complaint: request.t('own-token.wrong', { count: 4 }) }),
  'setup passkey': (request) => addPasskeyPage(request, { journey, name: '' }),
  'setup more': (request) => morePage(request, { who, prompted: ['backup-phone', 'token'] }),
}
