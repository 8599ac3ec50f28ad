import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { catalogues, chooseLanguage, languages, translator } from '../../src/i18n/catalogue.ts'
import { en } from '../../src/i18n/en.ts'
import { count, duration, list, longDate, moment } from '../../src/i18n/format.ts'

const holesOf = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
const others = languages.filter(({ code }) => code !== 'en')

/** Words that are the same in both languages, or are nobody's. */
const sameEverywhere = /^(PIN|OATH|Passkeys?|QR|Code|Text|SMS|App|Name|Status|Sallyport|\{\w+\}|[\s–:·.,()])+$/i

describe('the catalogue', () => {
  for (const { code, name } of others) {
    const sentences: Readonly<Record<string, string | undefined>> = catalogues[code]

    test(`${name} has every sentence, with the same holes`, () => {
      for (const [key, english] of Object.entries(en)) {
        const sentence = sentences[key] ?? ''
        assert.notEqual(sentence.trim(), '', key)
        // "one" may be said in words.
        const holes = holesOf(english)
        const told = key.endsWith('.one') ? holesOf(sentence).filter((hole) => holes.includes(hole)) : holesOf(sentence)
        assert.deepEqual(told, holes, key)
      }
    })

    test(`${name} has no sentence that English does not have, but plural forms`, () => {
      const known = new Set<string>(Object.keys(en))
      for (const key of Object.keys(sentences)) {
        assert.ok(known.has(key) || known.has(key.replace(/\.(zero|two|few|many)$/, '.other')), key)
      }
    })

    test(`nothing was left in English in ${name}`, () => {
      const same = Object.entries(en).filter(
        ([key, english]) => english === sentences[key] && !sameEverywhere.test(english),
      )
      assert.deepEqual(same, [])
    })

    test(`${name} has the plural forms that it needs`, () => {
      const categories = new Intl.PluralRules(code).resolvedOptions().pluralCategories
      for (const key of Object.keys(en).filter((key) => key.endsWith('.other'))) {
        for (const category of categories) {
          assert.ok(sentences[key.replace(/other$/, category)], `${key} for ${category}`)
        }
      }
    })
  }

  test('every sentence that counts comes in one and other', () => {
    const stems = (ending: string) =>
      Object.keys(en)
        .filter((key) => key.endsWith(ending))
        .map((key) => key.slice(0, -ending.length))
    assert.deepEqual(stems('.one').sort(), stems('.other').sort())
  })

  test('sentences speak plainly', () => {
    for (const [key, sentence] of Object.entries(en)) {
      assert.doesNotMatch(sentence, /!|\binvalid\b|\boops\b|\billegal\b|'/i, key)
    }
    for (const [key, sentence] of Object.entries(catalogues.de)) {
      assert.doesNotMatch(sentence, /!|\bungültig|\b(du|dein|deine|dir|dich)\b/i, key)
    }
  })
})

describe('a translator', () => {
  test('fills holes, counts, and writes numbers as the language does', () => {
    assert.equal(translator('en')('errors.heading', { count: 1 }), 'One answer needs another look')
    assert.equal(translator('en')('errors.heading', { count: 1200 }), '1,200 answers need another look')
    assert.equal(translator('de')('errors.heading', { count: 1200 }), 'Bitte prüfen Sie 1.200 Angaben')
  })

  test('does not fill a hole from inside another', () => {
    assert.equal(translator('en')('frame.title', { page: '{company}', company: 'C' }), '{company} – C')
    assert.equal(translator('en')('frame.title', { page: '$&', company: 'C' }), '$& – C')
  })
})

describe('the language of a page', () => {
  const rows: [wanted: string | undefined, accept: string | undefined, language: string][] = [
    [undefined, undefined, 'en'],
    ['de', undefined, 'de'],
    ['de', 'en', 'de'],
    ['xx', 'de', 'de'],
    ['__proto__', 'toString', 'en'],
    [undefined, 'de-AT,en;q=0.5', 'de'],
    [undefined, 'fr,de;q=0.8,en;q=0.9', 'en'],
    [undefined, 'DE', 'de'],
    [undefined, 'fr', 'en'],
    [undefined, 'de;q=0,en;q=0.1', 'en'],
    [undefined, 'de;q=abc', 'en'],
    [undefined, ',;;q=,', 'en'],
    [undefined, 'en;q=0.5, de ; q=0.7', 'de'],
    [undefined, '*', 'en'],
  ]
  for (const [wanted, acceptLanguage, language] of rows) {
    test(`wanted ${wanted}, accepts ${acceptLanguage}: ${language}`, () => {
      assert.equal(chooseLanguage({ wanted, acceptLanguage }), language)
    })
  }
})

describe('times and numbers', () => {
  const reader = { language: 'en', timeZone: 'Europe/Berlin', now: new Date('2026-05-13T10:00:00Z') } as const
  const german = { ...reader, language: 'de' } as const

  test('recent moments are said as people say them', () => {
    assert.equal(moment(new Date('2026-05-13T06:41:00Z'), reader).text, 'today, 08:41')
    assert.equal(moment(new Date('2026-05-13T06:41:00Z'), german).text, 'heute, 08:41')
    assert.equal(moment(new Date('2026-05-12T15:02:00Z'), reader).text, 'yesterday, 17:02')
    assert.equal(moment(new Date('2026-05-10T15:02:00Z'), german).text, '10. Mai 2026')
    assert.equal(
      moment(new Date('2026-05-14T15:02:00Z'), reader).text,
      '14 May 2026',
      'not "today" for what is to come',
    )
  })

  test('the day is the one in the reader’s zone, and midnight is 00:00', () => {
    const late = new Date('2026-05-12T22:00:00Z')
    assert.equal(moment(late, reader).text, 'today, 00:00')
    assert.equal(moment(late, { ...reader, timeZone: 'America/Los_Angeles' }).text, 'yesterday, 15:00')
  })

  test('yesterday is one day before also when clocks change', () => {
    const now = new Date('2026-10-25T23:30:00Z')
    assert.match(moment(new Date('2026-10-24T22:30:00Z'), { ...reader, now }).text, /^yesterday/)
  })

  test('the exact time goes along', () => {
    const { exact, full } = moment(new Date('2026-05-13T06:41:00Z'), reader)
    assert.equal(exact, '2026-05-13T06:41:00.000Z')
    assert.match(full, /^13 May 2026, 08:41 (CEST|GMT\+2)$/)
  })

  test('numbers, spans and lists are the language’s', () => {
    assert.equal(count(48211, 'de'), '48.211')
    assert.equal(duration(300, 'en'), '5 minutes')
    assert.equal(duration(90, 'de'), '90 Sekunden')
    assert.equal(list(['A', 'B', 'C'], 'de'), 'A, B und C')
    assert.equal(longDate(new Date('2027-03-03T12:00:00Z'), { language: 'en', timeZone: 'UTC' }), '3 March 2027')
  })
})
