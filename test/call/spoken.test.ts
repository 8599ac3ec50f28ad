import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SpokenKey as CoreKey } from '../../src/core/methods/call/step.ts'
import { languages } from '../../src/i18n/catalogue.ts'
import { type SpokenKey, spoken } from '../../src/i18n/spoken.ts'

const holesOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
const of = (language: string, key: SpokenKey) => spoken.sentence(language, { key, holes: {} })

describe('what is said in a call', () => {
  test('is there for every key that the core knows, and for no other', () => {
    // Either line stops to type-check when one side has a key more.
    const forCore = (key: CoreKey): SpokenKey => key
    const forUs = (key: SpokenKey): CoreKey => key
    assert.ok(spoken.keys.every((key) => forCore(forUs(key)) === key))
  })

  for (const { code, name } of languages) {
    test(`has the same holes in ${name} as in English, and other words`, () => {
      for (const key of spoken.keys) {
        assert.deepEqual(holesOf(of(code, key)), holesOf(of('en', key)), key)
        if (code !== 'en') assert.notEqual(of(code, key), of('en', key), key)
      }
    })

    test(`is short and plain in ${name}: heard once, it must be understood`, () => {
      for (const key of spoken.keys) {
        assert.ok(of(code, key).length <= 160, key)
        assert.doesNotMatch(of(code, key), /!|#|\*|\binvalid\b|\bungültig/i, key)
      }
    })
  }

  test('fills its holes, and not from inside another', () => {
    const line = { key: 'greeting.pin', holes: { company: '{extension} & Co', extension: '1 2' } } as const
    assert.match(spoken.sentence('en', line), /of \{extension\} & Co\. Enter/)
    assert.match(spoken.sentence('de', line), /von \{extension\} & Co\. Geben/)
  })

  test('is in English for a language that we do not speak', () => {
    assert.equal(of('pl', 'success'), of('en', 'success'))
    assert.deepEqual(['en', 'de', 'pl'].map(spoken.voice), ['en-US', 'de-DE', 'en-US'])
  })
})
