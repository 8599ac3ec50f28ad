import type { Output } from '../../src/contract/contract.ts'
import { languages } from '../../src/i18n/languages.ts'
import { accountPage, activityPage, languagePage, methodPage } from '../../src/inbound/portal/account.page.ts'
import { callPhonePage, removeBackupPage } from '../../src/inbound/portal/call.page.ts'
import { removeDevicePage, renameDevicePage } from '../../src/inbound/portal/device.page.ts'
import { account as onAccount } from '../../src/inbound/portal/journey.ts'
import {
  addPasskeyPage,
  removePasskeyPage,
  renamePasskeyPage,
  tooManyPasskeysPage,
} from '../../src/inbound/portal/passkey.page.ts'
import { phonePage } from '../../src/inbound/portal/phone.page.ts'
import { pinPage } from '../../src/inbound/portal/pin.page.ts'
import { questionsPage } from '../../src/inbound/portal/questions.page.ts'
import { makeRecoveryPage, recoveryCodesPage } from '../../src/inbound/portal/recovery.page.ts'
import { resyncPage } from '../../src/inbound/portal/resync.page.ts'
import { removeTokenPage, tokenPage } from '../../src/inbound/portal/token.page.ts'
import type { PageRequest } from '../../src/inbound/web/http.ts'
import { ago, device, type Pages, qr, questions, readerOf, who } from './facts.ts'

const journey = { ...onAccount, who }
const added = '2026-05-12T08:00:00Z'

const whole: Output<'readAccount'> = {
  username: 'maximiliane.hohenstein-oberlangenfeld@corp.example.org',
  displayName: who,
  mail: 'maximiliane.hohenstein-oberlangenfeld@corp.example.org',
  method: 'app',
  methods: ['app', 'text', 'call', 'oath', 'passkey'],
  mayChoose: true,
  language: 'de',
  languages: { call: 'en' },
  mayChooseLanguage: true,
  phone: '+49 30 901820',
  phoneExtension: '12345678',
  mayChangePhone: true,
  backupPhone: '+1 206 555 0142',
  mayCall: true,
  token: { kind: 'totp', addedAt: added, usedAt: added },
  hardwareTokens: [{ serialEnd: '1234', model: 'Feitian c200', kind: 'totp', addedAt: added, live: false }],
  mayAddToken: true,
  passkeys: 2,
  mayAddPasskey: true,
  questions: 4,
  recoveryCodes: { made: 10, unused: 9 },
  prompted: [],
  pin: { setAt: added },
  pinAsked: true,
  proofFresh: true,
}

const {
  phone: _phone,
  phoneExtension: _extension,
  backupPhone: _backup,
  token: _token,
  mail: _mail,
  pin: _pin,
  ...rest
} = whole
const bare: Output<'readAccount'> = {
  ...rest,
  hardwareTokens: [],
  passkeys: 0,
  questions: 0,
  recoveryCodes: { made: 0, unused: 0 },
  mayCall: false,
}

const passkeys = [
  { id: '1', name: 'Windows Hello on the laptop at home in the study', addedAt: added, usedAt: added, synced: false },
  { id: '2', name: 'iCloud', addedAt: added, synced: true },
]
const devices = {
  devices: [
    { ...device, usedAt: added },
    { ...device, id: '2', name: 'iPad', push: false },
  ],
  most: 3,
  mayAdd: true,
}

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const recent = (request: PageRequest): Output<'listActivity'>['events'] => [
  {
    id: '9',
    at: ago(request, 3),
    event: 'second-step.passed',
    method: 'app',
    address: '203.0.113.7',
    userAgent: firefox,
  },
  {
    id: '8',
    at: ago(request, 70),
    event: 'call.failed',
    method: 'call',
    address: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  },
  {
    id: '7',
    at: ago(request, 1500),
    event: 'second-step.locked',
    method: 'text',
    address: '203.0.113.7',
    userAgent: firefox,
  },
  { id: '6', at: ago(request, 3000), event: 'phone.proven', address: '203.0.113.7', userAgent: firefox },
  { id: '5', at: ago(request, 30_000), event: 'user.password-set' },
]
const own = { displayName: who, state: 'good', asksOld: true, minLength: 4, refusesWeak: true } as const
const approved = questions.map(({ id, question }) => ({ id, question }))
const codes = ['ABCD-EFGH-JKLM-NPQR', '2345-6789-ABCD-EFGH', 'JKLM-NPQR-STUV-WXYZ', 'WXYZ-2345-6789-ABCD']
const allCodes = [...codes, ...codes, ...codes].slice(0, 10)

export const accountPages: Pages = {
  account: (request) =>
    accountPage(request, { account: whole, passkeys, devices, recent: recent(request), reader: readerOf(request) }),
  'account after a change': (request) =>
    accountPage(request, {
      account: bare,
      passkeys: [],
      devices: { devices: [], most: 3, mayAdd: true },
      recent: [],
      reader: readerOf(request),
      done: 'phone',
    }),
  activity: (request) => activityPage(request, { who, events: recent(request), next: '5', reader: readerOf(request) }),
  'activity empty': (request) => activityPage(request, { who, events: [], next: undefined, reader: readerOf(request) }),
  'account method': (request) => methodPage(request, { who, method: 'text', methods: whole.methods }),
  'account language': (request) => languagePage(request, { who, language: request.language, languages }),
  'account phone': (request) => phonePage(request, { journey, country: 'DE', number: '' }),
  'account backup phone': (request) =>
    callPhonePage(request, {
      journey,
      country: 'DE',
      number: '030 901820',
      slot: 'backup',
      extension: '12',
      removable: true,
    }),
  'account backup remove': (request) => removeBackupPage(request, { who }),
  'account token': (request) =>
    tokenPage(request, { journey, secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x', qr, digits: 6 }),
  'account token remove': (request) => removeTokenPage(request, { who, last: false }),
  'account token last': (request) => removeTokenPage(request, { who, last: true }),
  'account resync': (request) =>
    resyncPage(request, { who, post: '/account/token/resync', back: '/account', door: false }),
  'account passkey': (request) =>
    addPasskeyPage(request, { journey, name: '', complaint: request.t('passkey.refused') }),
  'account passkey name': (request) =>
    renamePasskeyPage(request, { who, id: '1', name: '', complaint: request.t('passkey.name.missing') }),
  'account passkey remove': (request) => removePasskeyPage(request, { who, id: '1', name: 'iCloud', last: false }),
  'account passkey last': (request) => removePasskeyPage(request, { who, id: '1', name: 'iCloud', last: true }),
  'account passkeys full': (request) => tooManyPasskeysPage(request, { who }),
  'account device name': (request) => renameDevicePage(request, { who, id: '1', name: device.name }),
  'account device remove': (request) => removeDevicePage(request, { who, id: '1', name: device.name, last: false }),
  'account device last': (request) => removeDevicePage(request, { who, id: '1', name: device.name, last: true }),
  'account pin': (request) => pinPage(request, { place: 'account', to: '/account/pin', own }),
  'account pin wrong': (request) =>
    pinPage(request, {
      place: 'account',
      to: '/account/pin',
      own,
      complaints: { old: request.t('pin.old.wrong', { count: 4 }), pin: request.t('pin.problem.phone') },
    }),
  'account questions': (request) =>
    questionsPage(request, { who, choose: 2, approved, chosen: [], picked: [], complaints: [] }),
  'account questions wrong': (request) =>
    questionsPage(request, {
      who,
      choose: 2,
      approved,
      chosen: [],
      picked: ['1', '1'],
      complaints: [
        { field: 'question-2', text: request.t('questions.problem.question-twice') },
        { field: 'answer-1', text: request.t('questions.problem.too-short') },
      ],
    }),
  'account recovery': (request) => makeRecoveryPage(request, { who, counted: { made: 0, unused: 0 } }),
  'account recovery anew': (request) => makeRecoveryPage(request, { who, counted: { made: 10, unused: 9 } }),
  'account recovery codes': (request) =>
    recoveryCodesPage(request, { who, username: whole.username, codes: allCodes, reader: readerOf(request) }),
}
