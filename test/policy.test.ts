import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Call, Caller, Permission } from '../src/contract/caller.ts'
import type { FirstMethod } from '../src/contract/shapes.ts'
import { callerAmong, type Who } from '../src/core/gate.ts'
import { choosable, type Holdings, methodWithout, offered } from '../src/core/policy/ways.ts'
import { readSettings, type Settings } from '../src/core/settings/settings.ts'

type Given = Record<string, unknown>
const nothing: Holdings = { method: undefined, phone: false, token: false }
const both = { phone: true, token: true }
const all = { ...both, passkeys: true }

describe('what a person may choose as the method asked first', () => {
  const cases: [what: string, holdings: Partial<Holdings>, given: Given, methods: string[]][] = [
    ['nothing without holdings', {}, {}, []],
    ['what is held', { phone: true }, {}, ['text']],
    ['all that is held, in the order of the settings', both, { 'portal.methods': ['oath', 'text'] }, ['oath', 'text']],
    ['only what the settings allow', both, { 'portal.methods': ['oath'] }, ['oath']],
    ['a passkey among the rest', all, {}, ['text', 'oath', 'passkey']],
    ['nothing where the settings allow only what is not held', { phone: true }, { 'portal.methods': ['oath'] }, []],
  ]
  for (const [what, holdings, given, methods] of cases) {
    test(what, () => assert.deepEqual(choosable({ ...nothing, ...holdings }, settingsOf(given)), methods))
  }
})

describe('what is asked first after something was taken off the account', () => {
  const cases: [
    what: string,
    lost: FirstMethod,
    holdings: Partial<Holdings>,
    given: Given,
    method: FirstMethod | undefined,
  ][] = [
    ['what was before, if it stays', 'oath', { method: 'text', ...all }, {}, 'text'],
    ['a passkey rather than a text', 'oath', { method: 'oath', ...all }, {}, 'passkey'],
    ['the app rather than a text', 'passkey', { method: 'passkey', ...all }, {}, 'oath'],
    ['a text, where nothing else is left', 'passkey', { method: 'passkey', phone: true, passkeys: true }, {}, 'text'],
    [
      'nothing that may not be selected',
      'passkey',
      { method: 'passkey', ...all },
      { 'portal.methods': ['text'] },
      'text',
    ],
    [
      'nothing, where only recovery codes and questions are left',
      'passkey',
      { method: 'passkey', passkeys: true, ...{ recoveryCodes: 9, questions: 4 } },
      { 'portal.recovery_codes': true, 'portal.questions_fallback': true },
      undefined,
    ],
    ['nothing, where nothing is left', 'passkey', { method: 'passkey', passkeys: true }, {}, undefined],
    [
      'nothing, where only a text is left and may not be selected',
      'oath',
      { method: 'oath', ...both },
      { 'portal.methods': ['oath'] },
      undefined,
    ],
    [
      'the app all the same, where it is the fallback',
      'passkey',
      { method: 'passkey', token: true, passkeys: true },
      { 'portal.methods': ['passkey'] },
      'oath',
    ],
  ]
  for (const [what, lost, holdings, given, method] of cases) {
    test(what, () => assert.equal(methodWithout(lost, { ...nothing, ...holdings }, settingsOf(given)), method))
  }
})

describe('what User Setup offers', () => {
  const cases: [what: string, given: Given, methods: string[], preset?: FirstMethod][] = [
    ['all methods', {}, ['text', 'oath', 'passkey']],
    ['first what an import has set', {}, ['passkey', 'text', 'oath'], 'passkey'],
    ['that alone where people may not select', { 'portal.allow_method': false }, ['oath'], 'oath'],
    [
      'nothing that the settings do not allow',
      { 'portal.allow_method': false, 'portal.methods': ['call', 'app'], 'portal.allow_app': false },
      ['call'],
      'app',
    ],
    ['as everybody, where what was set is no method any more', {}, ['text', 'oath', 'passkey'], 'call'],
    ['those of the settings', { 'portal.methods': ['oath'] }, ['oath']],
    ['the first where people may not select', { 'portal.allow_method': false }, ['text']],
    [
      'the first, as the settings order them',
      { 'portal.allow_method': false, 'portal.methods': ['oath', 'text'] },
      ['oath'],
    ],
    ['no app where tokens may not be associated', { 'portal.allow_token': false }, ['text', 'passkey']],
    [
      'the first that is left where people may not select and tokens may not be associated',
      { 'portal.allow_token': false, 'portal.allow_method': false, 'portal.methods': ['oath', 'text'] },
      ['text'],
    ],
  ]
  for (const [what, given, methods, preset] of cases) {
    test(what, () => assert.deepEqual(offered(settingsOf(given), { preset }), methods))
  }
})

describe('the caller as a row of the contract may take it', () => {
  const anyone: Who = { level: 'anyone' }
  const half: Who = { level: 'half signed in', userId: 'ada', signInId: 's' }
  const setup: Who = { level: 'setting up', userId: 'ada', signInId: 's' }
  const ada = signedIn()
  const helpDesk = signedIn('users.read', 'users.unlock')
  const account = { account: 'portal' }
  const console = { console: true } as const
  const asAccount: Who = { level: 'service account', ...account }

  const cases: [what: string, callers: Caller[], who: Who, call: Call, taken: Who | undefined][] = [
    ['a stranger where anyone may', ['anyone'], anyone, {}, anyone],
    ['a person where anyone may stays that person', ['anyone'], ada, account, ada],
    ['a stranger nowhere else', ['half signed in', 'setting up', 'signed in'], anyone, {}, undefined],
    ['who owes the second step where that may', ['half signed in', 'signed in'], half, {}, half],
    ['who owes the second step is not signed in', ['signed in'], half, {}, undefined],
    ['who owes the second step is not in User Setup', ['setting up'], half, {}, undefined],
    ['who is in User Setup owes no second step', ['half signed in'], setup, {}, undefined],
    ['who is in User Setup is not signed in', ['signed in'], setup, {}, undefined],
    ['who is signed in owes nothing and sets nothing up', ['half signed in', 'setting up'], ada, {}, undefined],
    [
      'a service account stands in for no person',
      ['half signed in', 'setting up', 'signed in'],
      anyone,
      account,
      undefined,
    ],
    ['a service account is no administrator', ['administrator: users.read'], anyone, account, undefined],
    ['a service account is not the console', ['console'], anyone, account, undefined],
    ['a service account for itself', ['service account'], anyone, account, asAccount],
    ['a service account for itself, whoever comes along', ['service account'], ada, account, asAccount],
    ['a service account does not lift whom it brings', ['signed in'], half, account, undefined],
    ['the console for itself', ['console'], anyone, console, { level: 'console' }],
    ['the console stands in for no person', ['half signed in', 'setting up', 'signed in'], anyone, console, undefined],
    [
      'the console is no administrator and no service account',
      ['administrator: users.add', 'service account'],
      anyone,
      console,
      undefined,
    ],
    ['who is signed in is not the console', ['console'], helpDesk, {}, undefined],
    ['who is signed in is no service account', ['service account'], helpDesk, {}, undefined],
    ['who has no permission is no administrator', ['administrator: users.read'], ada, {}, undefined],
    ['an administrator with the permission', ['administrator: users.unlock'], helpDesk, {}, helpDesk],
    ['an administrator with another permission', ['administrator: users.remove'], helpDesk, {}, undefined],
    ['nobody where nobody may', [], helpDesk, { ...account, ...console }, undefined],
  ]
  for (const [what, callers, who, call, taken] of cases) {
    test(what, () => assert.deepEqual(callerAmong(callers, who, call), taken))
  }
})

function settingsOf(given: Given): Settings {
  const read = readSettings(given)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  return read.settings
}

function signedIn(...permissions: Permission[]): Who {
  return {
    level: 'signed in',
    userId: 'ada',
    sessionId: 's',
    provenAt: new Date(0),
    permissions: new Set(permissions),
  }
}
