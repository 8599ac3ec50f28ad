import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FirstMethod, Method } from '../../src/contract/shapes.ts'
import { decide, type Holdings, type Reason, type Reserves, reasonToTake } from '../../src/core/policy/ways.ts'
import { readSettings, type Settings } from '../../src/core/settings/settings.ts'

type Given = Record<string, unknown>
const noFallback = { 'portal.oath_fallback': false }
const phone = { phone: true }
const token = { token: true }
const passkeys = { passkeys: true }
const app = { app: true }
const all = { ...phone, ...token, ...passkeys }
const codes = { recoveryCodes: 3 }
const answers = { questions: 4 }
const nothingPutBy: Reserves = { questions: 0, recoveryCodes: 0 }
const withCodes = { 'portal.recovery_codes': true }
const withQuestions = { 'portal.questions_fallback': true }
const withBoth = { ...withQuestions, ...withCodes }
const withCodesAlone = { ...withCodes, ...noFallback }

/** Own method, what is held, what the settings say, what the person wishes for: the ways, what is asked of them, and why. */
const cases: [
  own: FirstMethod | undefined,
  has: Partial<Holdings & Reserves>,
  given: Given,
  wanted: Method | undefined,
  ways: Method[],
  asked: Method | undefined,
  reason: Reason | undefined,
][] = [
  [undefined, {}, {}, undefined, [], undefined, undefined],
  [undefined, phone, {}, 'text', [], undefined, undefined],

  ['text', phone, {}, undefined, ['text'], 'text', 'own-method'],
  ['text', phone, {}, 'text', ['text'], 'text', 'own-method'],
  ['text', phone, {}, 'call', ['text'], 'text', 'own-method'],
  ['text', phone, {}, 'oath', ['text'], 'text', 'own-method'],
  ['text', { ...phone, ...token }, {}, undefined, ['text', 'oath'], 'text', 'own-method'],
  ['text', { ...phone, ...token }, {}, 'oath', ['text', 'oath'], 'oath', 'fallback:oath'],
  ['text', { ...phone, ...token }, noFallback, undefined, ['text'], 'text', 'own-method'],
  ['text', { ...phone, ...token }, noFallback, 'oath', ['text'], 'text', 'own-method'],
  ['text', all, {}, undefined, ['text', 'passkey', 'oath'], 'text', 'own-method'],
  ['text', all, {}, 'passkey', ['text', 'passkey', 'oath'], 'passkey', 'wanted'],
  ['text', all, { ...noFallback, 'portal.methods': ['text'] }, 'passkey', ['text', 'passkey'], 'passkey', 'wanted'],
  ['text', phone, { 'portal.methods': ['oath'] }, undefined, ['text'], 'text', 'own-method'],
  ['text', token, {}, undefined, ['oath'], 'oath', 'only-way-left'],
  ['text', token, {}, 'oath', ['oath'], 'oath', 'fallback:oath'],
  ['text', token, noFallback, undefined, [], undefined, undefined],
  ['text', { ...token, ...passkeys }, {}, undefined, ['passkey', 'oath'], 'passkey', 'own-method-gone'],
  ['text', { ...token, ...passkeys }, {}, 'text', ['passkey', 'oath'], 'passkey', 'own-method-gone'],
  ['text', passkeys, {}, undefined, ['passkey'], 'passkey', 'only-way-left'],

  ['call', phone, {}, undefined, ['call'], 'call', 'own-method'],
  ['call', phone, {}, 'text', ['call'], 'call', 'own-method'],
  ['call', all, {}, 'oath', ['call', 'passkey', 'oath'], 'oath', 'fallback:oath'],
  ['call', all, noFallback, undefined, ['call', 'passkey'], 'call', 'own-method'],
  ['call', token, {}, undefined, ['oath'], 'oath', 'only-way-left'],

  ['app', app, {}, undefined, ['app'], 'app', 'own-method'],
  ['app', { ...app, ...phone }, {}, 'text', ['app'], 'app', 'own-method'],
  ['app', { ...all, ...app }, {}, 'oath', ['app', 'passkey', 'oath'], 'oath', 'fallback:oath'],
  ['app', { ...app, ...token }, noFallback, 'oath', ['app'], 'app', 'own-method'],
  ['app', { ...token, ...phone }, {}, undefined, ['oath'], 'oath', 'only-way-left'],
  ['text', { ...phone, ...app }, {}, 'app', ['text'], 'text', 'own-method'],

  ['oath', token, {}, undefined, ['oath'], 'oath', 'own-method'],
  ['oath', token, noFallback, 'oath', ['oath'], 'oath', 'own-method'],
  ['oath', { ...phone, ...token }, {}, 'text', ['oath'], 'oath', 'own-method'],
  ['oath', { ...phone, ...token }, {}, 'call', ['oath'], 'oath', 'own-method'],
  ['oath', all, noFallback, 'passkey', ['oath', 'passkey'], 'passkey', 'wanted'],
  ['oath', phone, {}, undefined, [], undefined, undefined],
  ['oath', phone, {}, 'text', [], undefined, undefined],

  ['passkey', passkeys, {}, undefined, ['passkey'], 'passkey', 'own-method'],
  ['passkey', { ...phone, ...passkeys }, {}, 'text', ['passkey'], 'passkey', 'own-method'],
  ['passkey', all, {}, 'oath', ['passkey', 'oath'], 'oath', 'fallback:oath'],
  ['passkey', all, noFallback, 'oath', ['passkey'], 'passkey', 'own-method'],
  ['passkey', { ...phone, ...token }, {}, undefined, ['oath'], 'oath', 'only-way-left'],
  ['passkey', phone, {}, undefined, [], undefined, undefined],

  ['text', { ...phone, ...codes }, {}, 'recovery', ['text'], 'text', 'own-method'],
  ['text', { ...phone, ...codes }, withCodes, undefined, ['text', 'recovery'], 'text', 'own-method'],
  ['text', { ...phone, ...codes }, withCodes, 'recovery', ['text', 'recovery'], 'recovery', 'fallback:recovery'],
  ['text', phone, withCodes, 'recovery', ['text'], 'text', 'own-method'],
  [
    'call',
    { ...all, ...codes },
    withCodes,
    'recovery',
    ['call', 'passkey', 'oath', 'recovery'],
    'recovery',
    'fallback:recovery',
  ],
  ['oath', { ...token, ...codes }, withCodesAlone, 'recovery', ['oath', 'recovery'], 'recovery', 'fallback:recovery'],
  ['oath', codes, withCodes, undefined, ['recovery'], 'recovery', 'only-way-left'],
  ['oath', codes, {}, undefined, [], undefined, undefined],
  ['passkey', { ...token, ...codes }, withCodes, undefined, ['oath', 'recovery'], 'oath', 'own-method-gone'],
  ['passkey', { ...token, ...codes }, withCodesAlone, undefined, ['recovery'], 'recovery', 'only-way-left'],

  ['text', { ...phone, ...answers }, {}, 'questions', ['text'], 'text', 'own-method'],
  ['text', { ...phone, ...answers }, withQuestions, undefined, ['text', 'questions'], 'text', 'own-method'],
  [
    'text',
    { ...phone, ...answers },
    withQuestions,
    'questions',
    ['text', 'questions'],
    'questions',
    'fallback:questions',
  ],
  ['text', { ...phone, questions: 3 }, withQuestions, 'questions', ['text'], 'text', 'own-method'],
  [
    'text',
    { ...phone, questions: 3 },
    { ...withQuestions, 'portal.questions_needed': 3 },
    'questions',
    ['text', 'questions'],
    'questions',
    'fallback:questions',
  ],
  [
    'call',
    { ...all, ...answers, ...codes },
    withBoth,
    'recovery',
    ['call', 'passkey', 'oath', 'questions', 'recovery'],
    'recovery',
    'fallback:recovery',
  ],
  ['passkey', { ...answers, ...codes }, withBoth, undefined, ['questions', 'recovery'], 'questions', 'own-method-gone'],
  ['oath', answers, withQuestions, undefined, ['questions'], 'questions', 'only-way-left'],
  ['oath', answers, {}, undefined, [], undefined, undefined],
]

describe('what is asked as the second step, and why', () => {
  for (const [own, has, given, wanted, ways, asked, reason] of cases) {
    const title = `${own ?? 'nothing'}, holding ${Object.keys(has).join(' and ') || 'nothing'}, wishing for ${wanted ?? 'nothing'}, with ${JSON.stringify(given)}: ${asked ?? 'nothing'}, ${reason ?? 'no way left'}`
    test(title, () => {
      const decision = decide(
        { phone: false, token: false, ...nothingPutBy, ...has, method: own },
        settingsOf(given),
        wanted,
      )
      assert.deepEqual(decision, asked && { method: asked, ways, reason })
    })
  }

  test('every method is among the cases, as what is asked', () => {
    const asked = new Set(cases.map(([, , , , , method]) => method))
    for (const method of Method.options) assert.ok(asked.has(method), method)
  })

  test('each way that is offered is taken, and what is not offered to somebody who has everything is not', () => {
    for (const given of [{}, noFallback, withCodes, withQuestions, withBoth]) {
      for (const [own] of cases) {
        const settings = settingsOf(given)
        const ways = decide({ ...all, ...app, ...codes, ...answers, method: own }, settings)?.ways ?? []
        for (const method of Method.options) {
          assert.equal(reasonToTake(own, method, settings) !== undefined, ways.includes(method), `${own}: ${method}`)
        }
      }
    }
  })
})

function settingsOf(given: Given): Settings {
  const read = readSettings(given)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  return read.settings
}
