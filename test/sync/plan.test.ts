import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ItemRules } from '../../src/contract/operate-sync.ts'
import type { Known } from '../../src/core/sync/person.ts'
import { planFor } from '../../src/core/sync/plan.ts'
import { judgeLosses, type Loss, type RemovalList } from '../../src/core/sync/removals.ts'
import type { SourcePerson } from '../../src/core/sync/source.ts'
import { wantedOf } from '../../src/core/sync/wanted.ts'

const numbering = { country: 'US', countries: [] }
const rulesOf = (given: object = {}) => ItemRules.parse(given)
const ann: SourcePerson = { uid: 'u1', dn: 'cn=ann', username: 'ann@corp.example', enabled: true, phones: {} }
const known: Known = {
  id: '1',
  uid: 'u1',
  directory: 'ldap',
  item: 'i',
  username: 'ann@corp.example',
  key: 'ann@corp.example',
  firstName: undefined,
  lastName: undefined,
  displayName: undefined,
  mail: undefined,
  description: undefined,
  group: undefined,
  language: undefined,
  callLanguage: undefined,
  textLanguage: undefined,
  appLanguage: undefined,
  oathLanguage: undefined,
  phone: undefined,
  phoneExtension: undefined,
  backupPhone: undefined,
  backupExtension: undefined,
  enabled: true,
  disabledWhy: undefined,
  method: undefined,
  preset: { method: undefined, modes: {} },
  modes: {},
}
const plan = (person: Partial<SourcePerson>, user?: Partial<Known>, rules: object = {}) =>
  planFor({ ...ann, ...person }, user && { ...known, ...user }, { item: { id: 'i', rules: rulesOf(rules) }, numbering })

describe('what the directory says is judged', () => {
  const phones: [string, Partial<SourcePerson>, object, string | undefined, string | undefined, number][] = [
    [
      'the first of the order is taken',
      { phones: { business: ['206 555 0100'], mobile: ['+12065550101'] } },
      {},
      '+12065550101',
      undefined,
      0,
    ],
    [
      'another order takes another',
      { phones: { business: ['206 555 0100'], mobile: ['+12065550101'] } },
      { phones: ['business'] },
      '+12065550100',
      undefined,
      0,
    ],
    [
      'an unusable one is told, and the next is taken',
      { phones: { mobile: ['ask me'], business: ['(206) 555-0100'] } },
      {},
      '+12065550100',
      undefined,
      1,
    ],
    [
      'an extension at the end of a number',
      { phones: { business: ['206 555 0100 x890'] } },
      {},
      '+12065550100',
      '890',
      0,
    ],
    ['written out', { phones: { business: ['+1 206 555 0100 ext. 12'] } }, {}, '+12065550100', '12', 0],
    [
      'one of its own attribute',
      { phones: { business: ['206 555 0100'] }, extension: '77' },
      {},
      '+12065550100',
      '77',
      0,
    ],
    [
      'that of the number goes before it',
      { phones: { business: ['206 555 0100x1'] }, extension: '77' },
      {},
      '+12065550100',
      '1',
      0,
    ],
    [
      'an extension that is none',
      { phones: { business: ['206 555 0100'] }, extension: 'reception' },
      {},
      '+12065550100',
      undefined,
      1,
    ],
    ['a number that is 2 MB long', { phones: { mobile: ['1'.repeat(2 ** 21)] } }, {}, undefined, undefined, 1],
    [
      'the first usable of several values',
      { phones: { mobile: ['ask me', '+12065550101', '+12065550102'] } },
      {},
      '+12065550101',
      undefined,
      0,
    ],
    ['none at all', {}, {}, undefined, undefined, 0],
  ]
  for (const [name, person, rules, phone, extension, complaints] of phones) {
    test(`phones: ${name}`, () => {
      const made = plan(person, undefined, rules)
      assert.ok(made.what === 'add')
      assert.deepEqual([made.profile.phone, made.profile.phoneExtension], [phone, extension])
      assert.equal(made.complaints.length, complaints)
    })
  }

  const written: [text: string, phone: string, extension?: string][] = [
    ['+49 (0)30 123456', '+4930123456'],
    ['0049 (0) 30 / 12 34 56', '+4930123456'],
    ['+44 (0)20 7031-3000', '+442070313000'],
    ['011 49 30 123456', '+4930123456'],
    ['tel:+1-206-555-0100;ext=890', '+12065550100', '890'],
    ['206-555-0100, extension 890', '+12065550100', '890'],
    ['206.555.0100 Ext. 890', '+12065550100', '890'],
    ['(206) 555-0100 #890', '+12065550100', '890'],
    ['＋１ ２０６ ５５５ ０１００ ｘ８９０', '+12065550100', '890'],
    ['\u202a+1 206 555 0100\u202c', '+12065550100'],
    ['+1\u00a0206\u2011555\u20110100', '+12065550100'],
  ]
  for (const [text, phone, extension] of written)
    test(`a number written as ${JSON.stringify(text)}`, () => {
      const made = plan({ phones: { business: [text] } })
      assert.ok(made.what === 'add')
      assert.deepEqual([made.profile.phone, made.profile.phoneExtension], [phone, extension])
    })

  test('no number: several in one, markup, an extension alone or too long, a number that costs, an emergency', () => {
    for (const text of [
      '+1 206 555 0100; +1 206 555 0101',
      '<b>+12065550100</b>',
      'x890',
      '+1 206 555 0100 x123456789',
      '+1 900 555 0100',
      '911',
    ]) {
      const made = plan({ phones: { business: [text] } })
      assert.ok(made.what === 'add' && made.complaints.length === 1, text)
      assert.equal(made.profile.phone, undefined)
    }
  })

  test('languages by their tag, else by the rules', () => {
    const of = (language: string | undefined, rules = {}) =>
      wantedOf({ ...ann, language }, rulesOf(rules), numbering)?.details.language
    assert.deepEqual([of('de-AT'), of('EN_us'), of('fr'), of(undefined)], ['de', 'en', undefined, undefined])
    assert.equal(of('fr', { language: 'de' }), 'de')
    assert.deepEqual([of('fr, de-AT;q=0.8, en;q=0.5'), of('fr;q=1')], ['de', undefined])
  })

  test('languages apart each by its own tag, else by its own rule; of one that is not spoken it is told whose it is', () => {
    const given = { call: 'DE', text: 'de_AT', app: 'fr', oath: ' ' }
    const rules = rulesOf({ language: 'de', languages: { app: 'en', oath: 'en', text: 'en' } })
    const { details, complaints } = wantedOf({ ...ann, languages: given }, rules, numbering) ?? assert.fail()
    const { language, callLanguage, textLanguage, appLanguage, oathLanguage } = details
    assert.deepEqual([language, callLanguage, textLanguage, appLanguage, oathLanguage], ['de', 'de', 'de', 'en', 'en'])
    assert.deepEqual(complaints, ['language of the app: none of en, de'])
  })

  test('what is too long, no address or on several lines is left out or flattened, and told', () => {
    const person = {
      ...ann,
      mail: 'Ann <ann@corp.example>',
      displayName: 'x'.repeat(2 ** 21),
      firstName: 'Ann\n\u202eB',
      lastName: 'C\u0000',
    }
    const wanted = wantedOf(person, rulesOf(), numbering)
    assert.equal(wanted?.details.mail, undefined)
    assert.equal(wanted?.details.displayName, 'Ann B C')
    assert.equal(wanted?.complaints.length, 2)
  })

  test('without a usable name, or id, nobody is taken', () => {
    for (const bad of [
      { username: '' },
      { username: 'a\u0000b' },
      { username: 'x'.repeat(300) },
      { username: 'J\uFFFDrg' },
      { uid: '' },
      { uid: 'a\u0000' },
    ])
      assert.deepEqual(plan(bad), { what: 'pass', why: 'unusable' })
  })
})

describe('what becomes of a person', () => {
  test('new: added, and enrolled only by a number that came along, where the rules say so', () => {
    const mobile = { phones: { mobile: ['+12065550101'] } }
    const enrols = (person: object, rules: object) => {
      const made = plan(person, undefined, rules)
      return made.what === 'add' ? made.enrols : made.what
    }
    assert.deepEqual(
      [enrols(mobile, {}), enrols(mobile, { method: 'text' }), enrols({}, { method: 'text' })],
      [undefined, 'text', undefined],
    )
  })

  test('new, with a number that has an extension: enrolled by a call, and by no text', () => {
    const enrols = (method: string) => {
      const made = plan({ phones: { business: ['206 555 0100 x890'] } }, undefined, { method })
      return made.what === 'add' && made.enrols
    }
    assert.deepEqual([enrols('call'), enrols('text')], ['call', undefined])
  })

  test('new, and disabled there: not added', () => {
    assert.deepEqual(plan({ enabled: false }), { what: 'pass', why: 'disabled there' })
  })

  test('the same again: nothing', () => {
    assert.equal(plan({}, {}).what, 'nothing')
  })

  const followed: [string, Partial<SourcePerson>, Partial<Known>, object, Partial<Known> | 'nothing'][] = [
    ['a name follows', { username: 'ann.b' }, {}, {}, { username: 'ann.b', key: 'ann.b' }],
    ['a name does not, where it is not to', { username: 'ann.b' }, {}, { follow: [] }, 'nothing'],
    ['an address follows to nothing', {}, { mail: 'a@b.example' }, {}, { mail: undefined }],
    [
      'an address is kept, where it is not to follow',
      { mail: 'n@b.example' },
      { mail: 'a@b.example' },
      { follow: [] },
      'nothing',
    ],
    ['what is empty is filled in any case', { mail: 'n@b.example' }, {}, { follow: [] }, { mail: 'n@b.example' }],
    ['a chosen language is kept', { language: 'de' }, { language: 'en' }, {}, 'nothing'],
    [
      'a language follows where it is to',
      { language: 'de' },
      { language: 'en' },
      { follow: ['language'] },
      { language: 'de' },
    ],
    ['so is one of calls alone', { languages: { call: 'de' } }, { callLanguage: 'en' }, {}, 'nothing'],
    [
      'which follows with it',
      { languages: { call: 'de' } },
      { callLanguage: 'en', language: 'en', appLanguage: 'en' },
      { follow: ['language'] },
      { callLanguage: 'de' },
    ],
    ['and is filled where it is empty', { languages: { oath: 'de' } }, {}, { follow: [] }, { oathLanguage: 'de' }],
    [
      'an empty number of somebody without a second step is filled',
      { phones: { mobile: ['+12065550101'] } },
      {},
      {},
      { phone: '+12065550101' },
    ],
    [
      'nobody who has a second step is given a number',
      { phones: { mobile: ['+12065550101'] } },
      { method: 'oath' },
      {},
      'nothing',
    ],
    [
      'a number that is there is not replaced',
      { phones: { mobile: ['+12065550101'] } },
      { phone: '+12065550199', method: 'text' },
      {},
      'nothing',
    ],
    [
      'but for the rule',
      { phones: { mobile: ['+12065550101'] } },
      { phone: '+12065550199', method: 'text' },
      { follow: ['phone'] },
      { phone: '+12065550101' },
    ],
    ['no rule takes a number away', {}, { phone: '+12065550199', method: 'text' }, { follow: ['phone'] }, 'nothing'],
  ]
  for (const [name, person, user, rules, expected] of followed) {
    test(name, () => {
      const made = plan(person, user, rules)
      if (expected === 'nothing') return assert.equal(made.what, 'nothing')
      assert.ok(made.what === 'change')
      assert.deepEqual(made.profile, { ...made.profile, ...expected })
    })
  }

  const both = { phones: { mobile: ['+12065550101'], home: ['+12065550102'], custom: ['+12065550103'] } }
  const line = (phone: string, extension?: string) => ({ phone, phoneExtension: extension })
  const backups: [string, Partial<SourcePerson>, Partial<Known> | undefined, object, string | undefined][] = [
    ['none, unless the rules name where from', both, undefined, {}, undefined],
    ['the first of its own order', both, undefined, { backupPhones: ['home', 'custom'] }, '+12065550102'],
    ['never the phone itself', both, undefined, { backupPhones: ['mobile', 'custom'] }, '+12065550103'],
    ['none without a phone', { phones: { home: ['+12065550102'] } }, undefined, { backupPhones: ['home'] }, undefined],
    [
      'filled for somebody without a second step',
      both,
      line('+12065550101'),
      { backupPhones: ['home'] },
      '+12065550102',
    ],
    [
      'not for somebody who has one: whoever edits the directory would be called',
      both,
      { ...line('+12065550101'), method: 'call' },
      { backupPhones: ['home'] },
      undefined,
    ],
    [
      'nor instead of another',
      both,
      { ...line('+12065550101'), method: 'call', backupPhone: '+12065550199' },
      { backupPhones: ['home'] },
      '+12065550199',
    ],
    [
      'but for the rule',
      both,
      { ...line('+12065550101'), method: 'call', backupPhone: '+12065550199' },
      { backupPhones: ['home'], follow: ['phone'] },
      '+12065550102',
    ],
    [
      'none is taken away',
      { phones: { mobile: ['+12065550101'] } },
      { ...line('+12065550101'), method: 'call', backupPhone: '+12065550199' },
      { backupPhones: ['home'], follow: ['phone'] },
      '+12065550199',
    ],
    [
      'but one that has become the phone',
      { phones: { mobile: ['+12065550101'] } },
      { ...line('+12065550100'), method: 'call', backupPhone: '+12065550101' },
      { backupPhones: ['home'], follow: ['phone'] },
      undefined,
    ],
  ]
  for (const [name, person, user, rules, backup] of backups)
    test(`a backup phone: ${name}`, () => {
      const made = plan(person, user, rules)
      const profile = made.what === 'add' || made.what === 'change' ? made.profile : { ...known, ...user }
      assert.equal(profile.backupPhone, backup)
    })

  test('enabled again only who was disabled by a synchronisation', () => {
    const enables = (user: Partial<Known>) => {
      const made = plan({}, { enabled: false, ...user })
      return made.what === 'change' && made.enables
    }
    assert.deepEqual(
      [enables({ disabledWhy: 'gone' }), enables({ disabledWhy: 'disabled there' }), enables({})],
      [true, true, false],
    )
  })

  test('a name that cannot be one keeps nobody from being disabled, and takes nothing else away', () => {
    const made = plan({ enabled: false, username: 'x'.repeat(300) }, { mail: 'ann@corp.example' })
    assert.ok(made.what === 'change')
    assert.deepEqual([made.disables, made.fields, made.complaints.length], [true, [], 1])
    assert.equal(made.profile.username, 'ann@corp.example')
  })

  test('disabled there: disabled here; and one who was gone stays so', () => {
    const disables = (user: Partial<Known>) => {
      const made = plan({ enabled: false }, user)
      return made.what === 'change' && made.disables
    }
    assert.deepEqual([disables({}), disables({ enabled: false, disabledWhy: 'gone' })], [true, true])
    assert.equal(plan({ enabled: false }, { enabled: false, disabledWhy: 'disabled there' }).what, 'nothing')
    assert.equal(plan({ enabled: false }, { enabled: false }).what, 'nothing')
  })
})

describe('what may be taken away', () => {
  const lossesOf = (count: number, from = 0): Loss[] =>
    Array.from({ length: count }, (_, i) => ({
      userId: `u${from + i}`,
      username: `n${from + i}`,
      fate: 'remove',
      why: 'gone',
    }))
  const list = (state: RemovalList['state'], losses: Loss[]): RemovalList => ({
    id: state,
    state,
    madeAt: new Date(0),
    losses,
  })
  const judge = (losses: Loss[], standing: RemovalList[] = [], all = false) => {
    const { now, waiting, same, over, back } = judgeLosses(losses, standing, { limit: 5, all })
    return [now.length, waiting.length, same, over.length, back.length]
  }

  test('as many as the limit go, one more waits with all of them', () => {
    assert.deepEqual(judge(lossesOf(5)), [5, 0, undefined, 0, 0])
    assert.deepEqual(judge(lossesOf(6)), [0, 6, undefined, 0, 0])
  })
  test('everybody waits, however few they are', () => {
    assert.deepEqual(judge(lossesOf(1), [], true), [0, 1, undefined, 0, 0])
  })
  test('the same list stands; of others it is a new one', () => {
    assert.deepEqual(judge(lossesOf(6), [list('waiting', lossesOf(6))]), [0, 6, 'waiting', 0, 0])
    assert.deepEqual(judge(lossesOf(7), [list('waiting', lossesOf(6))]), [0, 7, undefined, 1, 0])
  })
  test('an approval is for those on the list, and who came back meanwhile stays', () => {
    assert.deepEqual(judge(lossesOf(4), [list('approved', lossesOf(6))]), [4, 0, undefined, 1, 0])
    assert.deepEqual(judge(lossesOf(12), [list('approved', lossesOf(6))]), [6, 6, undefined, 1, 0])
  })
  test('the rejected stay, and others are judged by themselves', () => {
    assert.deepEqual(judge(lossesOf(6), [list('rejected', lossesOf(6))]), [0, 0, undefined, 0, 0])
    assert.deepEqual(judge(lossesOf(7), [list('rejected', lossesOf(6))]), [1, 0, undefined, 0, 0])
    assert.deepEqual(judge(lossesOf(2), [list('rejected', lossesOf(6))]), [0, 0, undefined, 0, 4])
  })
})
